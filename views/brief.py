"""A brief on one A4 page, to be printed or handed on: one file of HTML without script and without anything outside it.

It says what the page says, in the same words and from the same simulations. Names come from users, so every text is
escaped, and the file forbids the browser to run or fetch anything.
"""

from collections.abc import Iterable
from html import escape

import polars as pl

from data.errors import BadInput
from models.export import scenario_id
from models.forecast import Forecast
from models.scenario import compare
from models.scenario_link import forecast_name, write_link
from views import charts, frames, frames_scenario, palette, picture, sentences, sentences_scenario, words
from views.draw import template
from views.shell import Shown

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LINES, SEATS, OUTCOMES = 9, 10, 5
"""Rows of each table at most."""
SETTINGS, LETTERS, LONG = 8, 90, 45
"""Settings told at most, letters of each, and letters beyond which a name is set smaller."""
DOTS, DOTS_WIDE, ROW_HIGH = 5, 900, 48
"""Parties in the dotplot at most, its width and the height of a row, in pixels."""
METHOD = (
    "All numbers are counted from one set of joint simulations of the election, learned from polls, ratings of "
    "leaders, votes of MPs and every general election since 1955. A 90% range holds 9 of 10 simulations; medians are "
    "no predictions of that very number. What is likely still fails: about 7 in 10 fails 3 times in 10."
)
CHANGED = (
    " A scenario moves the same simulations as if we made it so, all else equal; what leaders and MPs are worth in it "
    "is association, not shown to be their doing."
)
STYLE = """
@page { size: A4; margin: 9mm 13mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 184mm; color: #14171B; background: #FFFFFF;
  font: 7.9pt/1.28 "Liberation Sans", Arial, Helvetica, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7em; line-height: 1.15; margin: 0 0 1mm; }
h1.long { font-size: 1.35em; }
h2 { font-size: 1.12em; margin: 2mm 0 0.6mm; }
p { margin: 0 0 1mm; }
.day, .foot { color: #5A5F66; }
.lead { font-size: 1.22em; font-weight: bold; }
.foot { border-top: 0.3mm solid #C9CDD2; padding-top: 0.8mm; margin-top: 1.6mm; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
.two { display: grid; grid-template-columns: 11fr 10fr; gap: 5mm; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; color: #5A5F66; font-weight: normal; }
th, td { padding: 0.3mm 1.5mm 0.3mm 0; border-bottom: 0.2mm solid #E3E6EA; vertical-align: top;
  overflow-wrap: normal; }
.tight td + td { white-space: nowrap; }
table + p { margin-top: 1mm; }
@media screen { body { padding: 8mm 4mm; font-size: 10pt; } }
@media screen and (max-width: 640px) { body { font-size: 8.5pt; } .two { display: block; }
  .tight td + td { white-space: normal; } }
"""


def brief_html(shown: Shown, address: str | None = None) -> str:
    """Write the brief of what a page shows.

    Parameters
    ----------
    shown : Shown
        The forecast, or the answer to a scenario.
    address : str, optional
        Of the dashboard, for a link to the scenario.

    Returns
    -------
    str
        A whole HTML document.
    """
    manifest = shown.forecast.manifest
    title = _short(shown.scenario.name or "Scenario") if shown.is_scenario else "Forecast"
    day = f"General election on {words.day(manifest.election_date)}, with data to {words.day(manifest.as_of)}"
    body = [
        f"<h1{' class="long"' if len(title) > LONG else ''}>{_text(title)}</h1>",
        f'<p class="day">{_text(day)}</p>',
        *_headline(shown),
        *_settings(shown),
        *_dots(shown.forecast),
        *_lines(shown),
        '<div class="two"><div>',
        *_outcomes(shown),
        "</div><div>",
        *_seats(shown),
        "</div></div>",
        "<h2>How sure, and how made</h2>",
        f"<p>{_text(METHOD + (CHANGED if shown.is_scenario else ''))}</p>",
        f'<p class="foot">{_text(source(shown))}{_link(shown, address)}</p>',
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{_text(f'{title}: {day}')}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def source(shown: Shown) -> str:
    """What a brief was made from, in a line."""
    manifest = shown.base.manifest
    named = scenario_id(shown.scenario, manifest) if shown.is_scenario else None
    parts = [
        f"selectorate {manifest.code_version}",
        f"data to {words.day(manifest.as_of)}",
        f"fit {manifest.data_fingerprint[:8]}",
        words.plural(shown.forecast.n_draws, "simulation"),
        words.plural(manifest.n_polls, "poll"),
        *([f"scenario {named}"] if named else []),
        *([] if shown.forecast.is_good else ["fitted models failed their checks"]),
        *([told.rstrip(".")] if (told := sentences.not_as_shipped(shown.base)) else []),
    ]
    return " · ".join(parts)


def _text(text: str) -> str:
    """Text as HTML shows it letter by letter, without marks that cannot be seen."""
    return escape(words.visible(text))


def _short(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _headline(shown: Shown) -> list[str]:
    who = _text(sentences.headline(shown.forecast))
    if not shown.is_scenario:
        return [f'<p class="lead">{who}</p>']
    change = sentences.comparison(compare(shown.base, shown.forecast), shown.base, shown.forecast)
    return [f'<p class="lead">{_text(change)}</p>', f"<p>{who}</p>"]


def _settings(shown: Shown) -> list[str]:
    if not shown.is_scenario:
        return []
    told = sentences_scenario.settings(shown.base, shown.scenario)
    items = [_short(phrase) for phrase in told[:SETTINGS]]
    if len(told) > SETTINGS:
        items[-1:] = [f"and {words.plural(len(told) - SETTINGS + 1, 'more setting')}"]
    return ["<h2>What is set</h2>", f"<p>{_text('; '.join(items))}.</p>"]


def _dots(forecast: Forecast) -> list[str]:
    """The dotplot of the first page, with the largest parties only."""
    lines = frames.contenders(forecast)[:DOTS]
    top = frames.axis_end(forecast)
    table = frames.quantile_dots(forecast, lines, bin_width=top / charts.BINS, accessible=False)
    settings = (("rows", len(lines)), ("majority", forecast.majority), ("top", top))
    spec = template(charts.seat_dots, ("dots",), settings)
    drawn = picture.chart_svg(spec, {"dots": table}, width=DOTS_WIDE, height=ROW_HIGH * len(lines))
    sentence = sentences.dots(forecast, lines)
    labelled = drawn.replace("<svg", f'<svg role="img" aria-label="{_text(sentence)}"', 1)
    return ["<h2>Seats</h2>", f"<p>{_text(sentence)}</p>", labelled]


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]], *, tight: bool = True) -> str:
    """Table as HTML; in a tight one only the first cell of a row may break."""
    top = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in head)
    lines = ("".join(f"<td>{_text(cell)}</td>" for cell in row) for row in rows)
    kind = ' class="tight"' if tight else ""
    below = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table{kind}><thead><tr>{top}</tr></thead><tbody>{below}</tbody></table>"


def _lines(shown: Shown) -> list[str]:
    """Seats and votes of each line, medians with their ranges; of a scenario beside those of the forecast."""
    both = [shown.base, shown.forecast] if shown.is_scenario else [shown.forecast]
    codes = list(dict.fromkeys(code for one in both for code in frames.contenders(one)))
    tables = [frames.summary(one).rows_by_key("party", named=True, unique=True) for one in both]
    names = ("Forecast", "Scenario") if shown.is_scenario else ("",)
    ends = [f" ({name.lower()})" if name else "" for name in names]
    head = ["Party", *(f"Seats{end}" for end in ends), *(f"Votes{end}" for end in ends)]
    codes.sort(key=lambda code: -tables[-1][code]["seats_median"])
    rows = [
        [palette.line(code).name, *(_seats_of(table[code]) for table in tables), *(_votes_of(t[code]) for t in tables)]
        for code in codes[:LINES]
        for table in tables[:1]
    ]
    return ["<h2>Seats and votes: medians, with 90% ranges</h2>", _rows(head, rows)]


def _seats_of(row: dict[str, float]) -> str:
    return f"{row['seats_median']:.0f} ({words.seat_range(row['seats_lo90'], row['seats_hi90'])})"


def _votes_of(row: dict[str, float | None]) -> str:
    median, lo, hi = row["votes_median"], row["votes_lo90"], row["votes_hi90"]
    if median is None or lo is None or hi is None:
        return "–"
    return f"{words.share(median)} ({words.share_range(lo, hi)})"


def _outcomes(shown: Shown) -> list[str]:
    """Chances of the likeliest outcomes, in words with frequencies."""
    now = frames.outcomes(shown.forecast).filter(pl.col("p") >= 0.005).sort("p", descending=True).head(OUTCOMES)
    before = dict(frames.outcomes(shown.base).select("code", "p").iter_rows())
    rows = [
        [label, words.chance(p), *([words.frequency(before.get(code, 0.0))] if shown.is_scenario else [])]
        for code, label, p in now.select("code", "label", "p").iter_rows()
    ]
    head = ["Outcome", "Chance", *(["Forecast"] if shown.is_scenario else [])]
    largest = sorted(shown.forecast.p_largest().items(), key=lambda item: -item[1])[:3]
    told = words.listed([f"{palette.line(code).who} {words.frequency(p)}" for code, p in largest])
    return ["<h2>Who can govern</h2>", _rows(head, rows, tight=False), f"<p>{_text(f'Largest party: {told}.')}</p>"]


def _seats(shown: Shown) -> list[str]:
    """Seats that a scenario changes most; of the forecast those that are most open."""
    if not shown.is_scenario:
        open_seats = shown.forecast.constituencies().sort("p_winner", "name").head(SEATS)
        rows = [
            [row["name"], _likeliest(row["winner"], row["p_winner"]), _likeliest(row["second"], row["p_second"])]
            for row in open_seats.iter_rows(named=True)
        ]
        return ["<h2>Most open seats: chances in 100</h2>", _rows(["Seat", "Likeliest", "Next"], rows)]
    moved = frames_scenario.seat_changes(shown.base, shown.forecast).head(SEATS)
    rows = [
        [row["name"], _likeliest(row["winner_base"], row["p_base"]), _likeliest(row["winner_other"], row["p_other"])]
        for row in moved.iter_rows(named=True)
    ]
    head = ["Seat", "Forecast", "Scenario"]
    return ["<h2>Seats that change most: chances in 100</h2>", _rows(head, rows)]


def _likeliest(code: str, p: float) -> str:
    return f"{palette.line(code).short} {100 * p:.0f}"


def _link(shown: Shown, address: str | None) -> str:
    if not shown.is_scenario or not address:
        return ""
    try:
        link = write_link(shown.scenario, forecast_name(shown.base.manifest))
    except BadInput:
        return ""
    return f' · <a href="{escape(f"{address}?s={link}")}">Open this scenario</a>'
