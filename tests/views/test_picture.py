"""Charts as files."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from models.forecast import Forecast
from views import charts, charts_fan, frames, frames_fan, palette, picture, sentences
from views.draw import template
from views.picture import rows_of

SOURCE = "selectorate, data to 17 August 2026, polling day 3 May 2029, scenario <b>"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def dots(forecast: Forecast) -> tuple[str, dict[str, pl.DataFrame], str]:
    """The chart of seats, its tables and its sentence."""
    lines, top = frames.contenders(forecast), frames.axis_end(forecast)
    table = frames.quantile_dots(forecast, lines, bin_width=top / charts.BINS, accessible=False)
    spec = template(charts.seat_dots, ("dots",), (("rows", len(lines)), ("majority", forecast.majority), ("top", top)))
    return spec, {"dots": table}, sentences.dots(forecast, lines)


def written(svg: str) -> str:
    """All text of an SVG that is drawn, in order, with single blanks."""
    return " ".join(" ".join(ET.fromstring(svg).itertext()).split())


def test_svg_says_the_sentence_and_where_it_comes_from(dots: tuple[str, dict[str, pl.DataFrame], str]) -> None:
    """The sentence stands above the marks and the source below, escaped, on a white ground."""
    spec, tables, sentence = dots
    svg = picture.svg(spec, tables, sentence=sentence, source=SOURCE)
    drawn = written(svg)
    assert drawn.count(sentence) == 2, "once as the title of the file, once drawn"
    assert drawn.endswith(SOURCE)
    assert "<b>" not in svg
    assert "326 for a majority" in drawn
    assert f'<rect width="100%" height="100%" fill="{palette.LIGHT_PAGE}"/>' in svg
    assert svg.count("<path") > tables["dots"].height


def test_svg_stands_alone(dots: tuple[str, dict[str, pl.DataFrame], str]) -> None:
    """An SVG runs nothing and points to nothing outside itself."""
    spec, tables, sentence = dots
    svg = picture.svg(spec, tables, sentence=f"{sentence} <script>alert(1)</script>", source=SOURCE)
    assert "<script" not in svg
    assert not re.search(r"\bon\w+=|href|<image|<foreignObject|<style|@import", svg)
    outside = set(re.findall(r"https?://[^\"' <]+", svg))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert all(re.fullmatch(r"url\(#\w+\)", link) for link in re.findall(r"url\([^)]*\)", svg))


def test_png_is_a_picture_of_it(dots: tuple[str, dict[str, pl.DataFrame], str]) -> None:
    """A PNG has the signature of one and two points for each pixel of the SVG."""
    spec, tables, sentence = dots
    png = picture.png(spec, tables, sentence=sentence, source=SOURCE)
    assert png.startswith(PNG)
    root = ET.fromstring(picture.svg(spec, tables, sentence=sentence, source=SOURCE))
    wide = int.from_bytes(png[16:20], "big")
    assert wide == pytest.approx(picture.SCALE * float(root.attrib["width"]), abs=1)


def test_files_are_light_whatever_the_page_is(forecast: Forecast) -> None:
    """Labels have the colour they have on a light page, and no colour is left to what surrounds the file."""
    parties = frames.main_parties(forecast)
    polls, _ = frames_fan.poll_dots(forecast, parties)
    span = frames_fan.Span.between(forecast.manifest.previous_election, forecast.manifest.as_of)
    tables = {
        "path": frames_fan.intention(forecast, parties),
        "polls": polls,
        "day": frames_fan.polling_day(forecast, parties, span=span, accessible=False),
    }
    lines = tuple((palette.line(p).short, palette.colour(p, accessible=False)) for p in parties)
    svg = picture.svg(
        template(charts_fan.fan, tuple(tables), (("lines", lines), ("span", span))),
        tables,
        sentence="Voting intention.",
        source=SOURCE,
    )
    assert picture.QUIET in svg
    assert "#B4BAC2" not in svg, "the colour of labels on a dark page"
    assert "currentColor" not in svg


def test_a_file_fetches_nothing() -> None:
    """A chart that would read its data from elsewhere is not drawn."""
    spec = '{"data": {"url": "http://127.0.0.1:9/table.csv"}, "mark": "point", "encoding": {"x": {"field": "a"}}}'
    with pytest.raises(ValueError, match=r"not allowed"):
        picture.chart_svg(spec, {})


def test_rows_hold_days_and_gaps() -> None:
    """Days are local midnight, so that no time zone moves them, and what is no number is a gap."""
    table = pl.DataFrame({"day": [date(2026, 8, 17)], "share": [float("nan")], "party": ["lab"]})
    assert rows_of(table) == [{"day": "2026-08-17T00:00:00", "share": None, "party": "lab"}]


def test_pages_start_without_the_renderer(root: Path) -> None:
    """What draws files takes a second to load: no page does so before a file is asked for."""
    pages = sorted(f"views.{p.stem}" for p in (root / "views").glob("*.py") if p.stem != "__init__")
    code = (
        "import sys, importlib\n"
        f"for name in {pages!r}: importlib.import_module(name)\n"
        "print('vl_convert' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"
