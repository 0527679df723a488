from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import Evidence, load_evidence
from data.schemas.elections import PublishedForecasts
from models.forecast import Forecast
from models.published import elections_forecast, is_mrp, published_ahead, published_for, stored_near
from models.store import save_forecast
from tests.views.synthetic import synthetic_forecast

LAST, NEXT = date(2024, 7, 4), date(2029, 5, 3)


def with_more(*rows: tuple[str, str, str, float, date]) -> Evidence:
    """The shipped tables with more forecasts of the coming election."""
    evidence = load_evidence()
    table = evidence.published_forecasts
    names = ("forecaster", "kind", "party", "seats", "known_on")
    more = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows]).with_columns(
        election_date=pl.lit(NEXT), verified=pl.lit(True), source=pl.lit("made up")
    )
    both = PublishedForecasts.validate(
        pl.concat([table, more.select(table.columns)], how="vertical_relaxed"), cast=True
    )
    return replace(evidence, published_forecasts=both)


def test_last_election_has_its_forecasts() -> None:
    """2024 has YouGov's last MRP with its four figures, MRPs stand first and the exit poll last."""
    found = published_for(load_evidence(), date(2024, 7, 4))
    assert found.columns[-4:] == ["con", "lab", "lib", "snp"]
    yougov = found.row(by_predicate=pl.col("forecaster") == "YouGov MRP (final)", named=True)
    assert [yougov[party] for party in ("con", "lab", "lib", "snp")] == [102, 431, 72, 18]
    mrps = [is_mrp(kind) for kind in found["kind"]]
    assert mrps == sorted(mrps, reverse=True)
    assert sum(mrps) >= 7
    assert found["kind"][-1] == "exit poll"


def test_what_a_forecaster_left_out_is_null() -> None:
    """A forecaster who did not name the SNP has no figure for it."""
    found = published_for(load_evidence(), date(2015, 5, 7))
    guardian = found.row(by_predicate=pl.col("forecaster") == "Guardian projection", named=True)
    assert guardian["snp"] is None
    assert guardian["con"] == 273


@pytest.mark.parametrize(
    ("kind", "said"), [("MRP", True), ("regression+MRP", True), ("SRP", False), ("nowcast", False)]
)
def test_kinds_that_are_mrps(kind: str, said: bool) -> None:
    """A kind is an MRP if its maker calls it one, alone or with something else."""
    assert is_mrp(kind) is said


def test_none_is_held_for_the_coming_election_yet() -> None:
    """The shipped table ends with 2024; the page says so, and has to say else when this fails."""
    evidence = load_evidence()
    assert published_ahead(evidence).is_empty()
    assert elections_forecast(evidence)[0] == date(2024, 7, 4)
    assert elections_forecast(evidence) == sorted(elections_forecast(evidence), reverse=True)


def test_a_forecast_of_the_coming_election_is_found() -> None:
    """A row for an election after the last is of the coming one, with its parties, and not among past ones."""
    day = date(2026, 9, 20)
    evidence = with_more(("House", "MRP", "ref", 300.0, day), ("House", "MRP", "lab", 200.0, day))
    found = published_ahead(evidence)
    assert found.select("forecaster", "known_on", "lab", "ref").rows() == [("House", day, 200.0, 300.0)]
    assert NEXT not in elections_forecast(evidence)


def test_our_forecast_of_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stored forecast whose evidence ends nearest is taken, within two weeks, and of this election only."""
    monkeypatch.setenv("SELECTORATE_HOME", str(tmp_path))
    made = synthetic_forecast(draws=20)
    folders = {
        name: save_forecast(_dated(made, *days), tmp_path / "forecasts" / name)
        for name, days in {
            "2026-08-17_2029-05-03": (date(2026, 8, 17), NEXT),
            "2026-09-01_2029-05-03": (date(2026, 9, 1), NEXT),
            "2026-09-02_2024-07-04": (date(2026, 9, 2), LAST),
        }.items()
    }
    (tmp_path / "forecasts" / "by hand").mkdir()
    (tmp_path / "forecasts" / "by hand" / "manifest.json").write_text("{}")
    assert stored_near(date(2026, 9, 2), LAST) == folders["2026-09-01_2029-05-03"]
    assert stored_near(date(2026, 8, 20), LAST) == folders["2026-08-17_2029-05-03"]
    assert stored_near(date(2026, 9, 15), LAST) == folders["2026-09-01_2029-05-03"]
    assert stored_near(date(2026, 9, 16), LAST) is None
    assert stored_near(date(2026, 9, 2), NEXT) is None


def _dated(forecast: Forecast, as_of: date, polling: date) -> Forecast:
    manifest = forecast.manifest.model_copy(update={"as_of": as_of, "election_date": polling})
    return replace(forecast, manifest=manifest)
