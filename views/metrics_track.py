"""Scores and forecasts of the track record, as the page names them."""

from dataclasses import dataclass
from typing import Any

from models.track_summary import FULL
from views import palette


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A score: its label, how large one printed unit is, and how a sentence speaks of it.

    ``noun`` stands alone, ``subject`` ends before the number and ``again`` before the second one; ``rivals`` are the
    rules that the full model is set beside in words: a score of chances is compared with a rule that gives chances,
    where there is one.
    """

    code: str
    label: str
    axis: str
    noun: str
    subject: str
    again: str = ""
    unit: str = ""
    tail: str = ""
    scale: float = 1.0
    digits: int = 0
    rivals: tuple[str, ...] = ("shrunk_poll_mean",)
    smaller_is_better: bool = True
    note: str = ""

    def tell(self, value: float, more_digits: int = 0) -> str:
        """Number with its unit: ``2.1 points``; differences may take a digit more."""
        return f"{self.scale * value:.{self.digits + more_digits}f}{self.unit}"


_POINTS: dict[str, Any] = {"unit": " points", "scale": 100.0, "digits": 1}
_MEAN: dict[str, Any] = {"again": " by", "tail": " on average"}
_CRPS = (
    "The CRPS weighs a whole range against what came; of a rule without ranges it is the error. "
    "The poll mean ± error has ranges as wide as past errors."
)
_BOTH = ("shrunk_poll_mean", "poll_mean_normal")
METRICS = {
    metric.label: metric
    for metric in (
        Metric(
            code="vote_mae",
            label="Votes: error",
            axis="Mean error (points)",
            noun="the error in votes",
            subject="votes were wrong by",
            **_POINTS,
            **_MEAN,
        ),
        Metric(
            code="seat_mae",
            label="Seats: error",
            axis="Mean error (seats)",
            noun="the error in seats",
            subject="seats were wrong by",
            unit=" seats",
            **_MEAN,
        ),
        Metric(
            code="vote_crps",
            label="Votes: CRPS",
            axis="CRPS (points)",
            noun="the CRPS of votes",
            subject="CRPS of votes was",
            rivals=_BOTH,
            note=_CRPS,
            **_POINTS,
        ),
        Metric(
            code="seat_crps",
            label="Seats: CRPS",
            axis="CRPS (seats)",
            noun="the CRPS of seats",
            subject="CRPS of seats was",
            unit=" seats",
            rivals=_BOTH,
            note=_CRPS,
        ),
        Metric(
            code="called",
            label="Seats called",
            axis="Seats called rightly (%)",
            noun="the share of seats called rightly",
            subject="share of seats called rightly was",
            unit="%",
            scale=100.0,
            smaller_is_better=False,
            note="Of seats that had a result of their own before, matched by name up to 2005: 444 in February 1974, "
            "388 in 1983, 450 in 1997. Forecasts made on boundaries redrawn since are left out.",
        ),
        Metric(
            code="seat_brier",
            label="Seats: Brier score",
            axis="Brier score",
            noun="the Brier score of seats",
            subject="Brier score of seats was",
            digits=3,
            rivals=("poll_mean_normal",),
            note="Of the simple rules only this one gives chances to win a seat.",
        ),
    )
}
METHODS = {
    FULL: "This model",
    "shrunk_poll_mean": "Shrunk poll mean",
    "poll_mean_uniform": "Poll mean",
    "no_change": "No change",
    "poll_mean_normal": "Poll mean ± error",
}
METHOD_COLOURS = dict(zip(METHODS.values(), palette.SERIES, strict=True))
EVIDENCE = {
    "no_polls": ("Without polls", "polls"),
    "no_leaders": ("Without leaders", "leaders' standing"),
    "no_mps": ("Without MPs", "MPs' support"),
    "no_leaders_no_mps": ("Without leaders|and MPs", "leaders and MPs together"),
    "no_office": ("Without time|in office", "time in office"),
    "no_campaign": ("Campaigns like|other times", "campaigns' pace, return and airtime"),
    "polls_only": ("Polls alone", "all that is not polls"),
    "before_link": ("The model before|this one", "what is new in it"),
    "leave_one_out": ("Learned from|later elections too:|not a forecast", ""),
}
"""Variants in the order of their rows: label, and what the full model has beside them."""
COVERED = {"votes": "Votes", "seats": "Seats", "constituency": "Constituency shares"}
VERDICTS = ("too narrow", "about right", "too wide")
