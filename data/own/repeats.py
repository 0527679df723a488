"""When a row of the user's repeats one held: on the day a file is added, and whenever the shipped tables changed.

Ratings, votes and events of MPs repeat a row of the same key (``KEYS``).

Two polls are one when they are of one area and kind, fieldwork ends within two days, and Con and Lab differ by no more
than a point each; they must be of one house, or, where the held poll names no pollster, every other party that both
give must agree to a point, too. ``data.compile.poll_merge`` judges sources, of which more is known, otherwise.
"""

from collections.abc import Mapping

import polars as pl

NEAR_DAYS, NEAR_POINTS = 2, 1.0
MAIN = ("con", "lab")
_HOW = ("pollster", "area", "kind", "end_date")
KEYS = {
    "leader_ratings": ("leader", "pollster", "question_family", "end_date"),
    "mp_contests": ("party", "date", "kind", "round", "candidate"),
    "mp_events": ("leader", "date", "kind"),
}
"""Columns that tell one row from another, whoever wrote it down, by table; polls have no such key. A user may call a
vote of MPs by another ``contest_id``."""


def wide(polls: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Polls with a column a party, in per cent.

    Parameters
    ----------
    polls, shares : pl.DataFrame
        Tables ``polls`` and ``poll_shares``.

    Returns
    -------
    pl.DataFrame
        ``poll_id``, ``pollster``, ``area``, ``kind``, ``end_date`` and the parties.
    """
    points = shares.select("poll_id", "party", share=100 * pl.col("share"))
    parties = sorted({*points["party"].unique(), *MAIN})
    given = points.pivot("party", index="poll_id", values="share", on_columns=parties)
    return polls.select("poll_id", *_HOW).join(given, on="poll_id", maintain_order="left")


def repeats(new: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Find polls that repeat another.

    Parameters
    ----------
    new, held : pl.DataFrame
        Polls as ``wide`` has them, and ``place``: a poll of ``held`` counts only where its place is smaller.

    Returns
    -------
    pl.DataFrame
        One row a repeat, by place: ``poll_id``, ``place``, ``other`` (the poll it repeats), ``other_place`` and
        ``named`` (whether the other names its pollster).
    """
    near = pl.concat_list(pl.col("end_date").dt.offset_by(f"{n}d") for n in range(-NEAR_DAYS, NEAR_DAYS + 1))
    left, right = (polls.with_columns(pl.col("area", "kind").cast(pl.String)).drop_nulls(MAIN) for polls in (new, held))
    pairs = left.with_columns(day=near).explode("day").join(
        right.with_columns(day="end_date").rename({name: f"{name}_2" for name in right.columns}),
        left_on=["area", "kind", "day"], right_on=["area_2", "kind_2", "day"],
    )  # fmt: skip
    both = [name for name in right.columns if name in left.columns and name not in {*_HOW, "poll_id", "place"}]
    apart = {name: (pl.col(name) - pl.col(f"{name}_2")).abs() for name in both}
    close, all_close = (
        pl.max_horizontal(*(apart[name] for name in names)) <= NEAR_POINTS + 1e-9 for names in (MAIN, both)
    )
    nameless = pl.col("pollster_2").is_null()
    same_house = (pl.col("pollster") == pl.col("pollster_2")).fill_null(False)
    same = pairs.filter(pl.col("place_2") < pl.col("place"), (same_house & close) | (nameless & all_close))
    first = same.sort("place", "place_2", "poll_id_2").unique("poll_id", keep="first", maintain_order=True)
    return first.select("poll_id", "place", other="poll_id_2", other_place="place_2", named=~nameless)


def _repeated_polls(own: Mapping[str, pl.DataFrame], shipped: Mapping[str, pl.DataFrame]) -> list[str]:
    """Name the own polls that are shipped by now, by their ``poll_id``."""
    held, new = (
        wide(tables["polls"], tables["poll_shares"]).with_columns(place=pl.lit(place))
        for place, tables in enumerate((shipped, own))
    )
    return repeats(new, held)["poll_id"].to_list()


def without_repeats(own: Mapping[str, pl.DataFrame], shipped: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Drop the own rows that are shipped by now.

    Parameters
    ----------
    own, shipped : mapping of str to pl.DataFrame
        Tables.

    Returns
    -------
    dict of str to pl.DataFrame
        The own tables without those rows.
    """
    gone = _repeated_polls(own, shipped) if "polls" in own else []
    kept = {}
    for name, rows in own.items():
        if name in KEYS:
            kept[name] = rows.join(shipped[name], on=KEYS[name], how="anti", nulls_equal=True, maintain_order="left")
        else:
            kept[name] = rows.filter(~pl.col("poll_id").is_in(gone))
    return kept


def count_repeats(own: Mapping[str, pl.DataFrame], shipped: Mapping[str, pl.DataFrame]) -> int:
    """Count the own rows that are shipped by now; the shares of a poll count with it.

    Parameters
    ----------
    own, shipped : mapping of str to pl.DataFrame
        Tables.

    Returns
    -------
    int
        Rows that ``without_repeats`` drops.
    """
    kept = without_repeats(own, shipped)
    return sum(rows.height - kept[name].height for name, rows in own.items() if name != "poll_shares")
