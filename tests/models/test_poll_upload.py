import numpy as np
import pytest

from data import load_evidence
from data.errors import BadInput
from models.forecast import Forecast
from models.poll_upload import before_after, example, hung_after, polls_sent
from models.reweight import Reweighted
from tests.views.synthetic import AS_OF, synthetic_forecast


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return synthetic_forecast(draws=200)


def taken(*draws: int) -> Reweighted:
    """Polls after which these draws stand for the forecast."""
    return Reweighted(weighed=1, passed={}, effective=float(len(draws)), chosen=np.array(draws, dtype=np.int64))


def test_the_example_can_be_read(forecast: Forecast) -> None:
    """The file shown as an example is one poll of Great Britain on the last day of evidence, as the forecast has it."""
    (row,) = polls_sent("polls.csv", example(forecast).encode(), load_evidence(own=False)).iter_rows(named=True)
    now = forecast.intention().sort("date").filter(party="lab")["q50"][-1]
    assert (row["area"], row["kind"], row["end_date"], row["sample"]) == ("GB", "poll", AS_OF, 2000)
    assert row["lab"] == pytest.approx(now, abs=0.006)


def test_a_poll_held_already_is_refused() -> None:
    """A poll that the tables hold is no news: it is refused by the name it has there."""
    content = b"pollster,end_date,con,lab,lib,ref,grn\nOpinium,2026-09-25,17,28,10,24,10\n"
    with pytest.raises(BadInput, match=r"E111 polls.csv, row 2: the same poll as 2026-09-25-opinium, held already"):
        polls_sent("polls.csv", content, load_evidence(own=False))


def test_all_draws_leave_all_as_it_was(forecast: Forecast) -> None:
    """Where every draw is taken once nothing differs from before, and before is what the forecast says."""
    table = before_after(forecast, taken(*range(forecast.n_draws)))
    assert set(table["party"]) == set(forecast.lines)
    for what, summary in (("seats", forecast.seat_summary()), ("votes", forecast.vote_summary())):
        both = table.join(summary, on="party")
        for cut in ("lo90", "median", "hi90"):
            assert both[f"{what}_{cut}_before"].to_list() == pytest.approx(both[cut].to_list())
            assert table[f"{what}_{cut}_before"].equals(table[f"{what}_{cut}_after"])
    assert hung_after(forecast, taken(*range(forecast.n_draws))) == pytest.approx(forecast.p_hung())


def test_chosen_draws_are_what_counts_after(forecast: Forecast) -> None:
    """After new polls votes, seats and the chance of a hung parliament are those of the draws chosen."""
    table = before_after(forecast, taken(7, 7, 7))
    seats = dict(zip(forecast.lines, forecast.seats[7], strict=True))
    assert dict(table.select("party", "seats_median_after").iter_rows()) == seats
    assert table["seats_median_after"].is_sorted(descending=True)
    assert hung_after(forecast, taken(7)) == float(max(seats.values()) < forecast.majority)
