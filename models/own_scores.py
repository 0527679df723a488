"""One job of the backtest for a maker of the user's: its forecast is scored as ours are (``models.backtest_job``)."""

from collections.abc import Iterator
from datetime import date

from data import load_evidence
from models.backtest_job import Row
from models.makers import forecast_by
from models.metrics import constituency_scores, seat_scores, vote_scores
from models.truth import truth_of


def own_scores(election_date: date, as_of: date, name: str, seed: int) -> Iterator[Row]:
    """Forecast one election as of one day, and score it.

    Parameters
    ----------
    election_date, as_of : date
        Polling day and last day of evidence.
    name : str
        Import path of a maker.
    seed : int
        Seed of all random numbers.

    Yields
    ------
    tuple
        Variant, metric, party, value.
    """
    evidence = load_evidence(own=False)
    forecast = forecast_by(name, as_of, election_date, seed=seed, tables=evidence, progress=False)
    truth = truth_of(forecast, evidence)
    for metric, party, value in [
        *vote_scores(forecast.votes, truth.votes, forecast.parties),
        *seat_scores(forecast.seats, truth.seats, forecast.lines, truth.told),
        *constituency_scores(forecast, truth),
        ("good_fit", "", float(forecast.is_good)),
        ("n_polls", "", float(forecast.manifest.n_polls)),
    ]:
        yield name, metric, party, value
