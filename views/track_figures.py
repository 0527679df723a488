"""Figures of the track record as files, drawn by the charts of its page: ``python -m views.track_figures``."""

from collections.abc import Iterator
from pathlib import Path

from data.files import write_out
from models.reports import REPORTS, TrackRecord, read_report
from views import charts_calibration, charts_track, frames_track
from views.charts import Chart
from views.metrics_track import METHOD_COLOURS, METRICS, Metric

WIDTH = 640
"""Pixels; on the page a chart is as wide as its container."""
SKILL = {"skill_votes": "vote_mae", "skill_seats": "seat_mae", "skill_chances": "seat_brier"}


def charts(record: TrackRecord) -> Iterator[tuple[str, Chart]]:
    """Draw the figures of a record.

    Parameters
    ----------
    record : TrackRecord
        What to draw.

    Yields
    ------
    tuple
        Name of the file without ending, and the chart.
    """
    by_code: dict[str, Metric] = {metric.code: metric for metric in METRICS.values()}
    for name, code in SKILL.items():
        lines = frames_track.skill_lines(record, by_code[code])
        methods = tuple((method, METHOD_COLOURS[method]) for method in lines["method"].unique(maintain_order=True))
        yield name, charts_track.skill(lines, methods=methods, axis=by_code[code].axis, zero=True)
    lead = frames_track.usual_lead(record)
    worth = frames_track.evidence(record, by_code["vote_mae"], lead)
    yield "evidence", charts_track.evidence(worth, rows=worth.height, axis=by_code["vote_mae"].axis)
    covered = frames_track.coverage(record, None)
    yield "coverage", charts_calibration.coverage(covered, rows=covered.height)
    yield "reliability", charts_calibration.reliability(frames_track.reliability(record, lead))
    errors = frames_track.published(record)
    if not errors.is_empty():
        yield "published", charts_track.published(errors, rows=errors["polled"].n_unique())


def write(folder: Path) -> list[Path]:
    """Write the figures of the record in a folder beside it.

    Parameters
    ----------
    folder : Path
        Where ``track_record.csv`` lies.

    Returns
    -------
    list of Path
        The files, in ``figures/``.

    Raises
    ------
    BadInput
        If there is no record, or the folder cannot be written.
    """
    import vl_convert

    record = read_report(folder)
    return [
        write_out(
            folder / "figures" / f"{name}.svg",
            vl_convert.vegalite_to_svg(chart.properties(width=WIDTH, background="white").to_dict()),
        )
        for name, chart in charts(record)
    ]


if __name__ == "__main__":
    for path in write(REPORTS):
        print(path.name)
