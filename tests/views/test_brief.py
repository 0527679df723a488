"""The brief on one page."""

import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import sync_playwright

from models.forecast import Forecast
from models.scenario import PartyScenario, Scenario, run_scenario
from views import sentences
from views.brief import brief_html
from views.shell import Shown

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
ADDRESS = "http://localhost:8501/scenario"
SMALL = Scenario(name="Better & <liked>", parties={"lab": PartyScenario(favourability=30.0, share_shift=0.02)})


def shown(base: Forecast, scenario: Scenario) -> Shown:
    """What a page shows of a scenario."""
    return Shown(base, scenario, run_scenario(base, scenario, summaries=False))


def largest(base: Forecast) -> Shown:
    """The brief that needs most room: the longest names, more settings than are told, every party in the table."""
    codes = base.constituencies()["constituency"].to_list()
    shifts = {code: PartyScenario(share_shift=0.04) for code in ("con", "snp", "plaid", "restore", "ref")}
    parties = {"lab": PartyScenario(leader="Wilhelmina " * 7, favourability=-30.0), **shifts}
    return shown(base, Scenario(name="W" * 80, parties=parties, seats=dict.fromkeys(codes[:40], "grn"), tactical=0.5))


class Read(HTMLParser):
    """Elements, attributes and text of a document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_brief_of_a_scenario_says_what_the_page_says(forecast: Forecast) -> None:
    """Name, settings, seats before and after, seats that change and where it comes from stand in the brief."""
    page = shown(forecast, SMALL)
    read = Read(brief_html(page, ADDRESS))
    assert "Better & <liked>" in read.text
    assert "Labour leader's net favourability +30; Labour +2 points." in read.text
    assert sentences.headline(page.forecast) in read.text
    for one in (page.base, page.forecast):
        row = one.seat_summary().row(one.lines.index("lab"), named=True)
        assert f"{row['median']:.0f} ({row['lo90']:.0f} to {row['hi90']:.0f})" in read.text
    assert "Seats that change most" in read.text
    assert "fit 3f2a91c0 · 400 simulations · 150 polls · scenario " in read.text
    link = dict(read.attributes)["href"]
    assert link is not None
    assert link.startswith(f"{ADDRESS}?s=1.")
    assert f"scenario {link.rpartition('.')[2]}" in read.text


def test_brief_of_the_forecast_has_no_before_and_after(forecast: Forecast) -> None:
    """Without a scenario the brief has the forecast's own words, no settings and no link."""
    read = Read(brief_html(Shown(forecast, Scenario(), forecast), ADDRESS))
    assert sentences.headline(forecast) in read.text
    assert "What is set" not in read.text
    assert "Most open seats" in read.text
    assert "href" not in dict(read.attributes)


def test_names_cannot_run_anything(forecast: Forecast) -> None:
    """A name that is a script is text, and the file runs, fetches and points to nothing."""
    scenario = SMALL.model_copy(update={"name": HOSTILE})
    parties = {"lab": PartyScenario(leader=HOSTILE, favourability=3.0)}
    html = brief_html(shown(forecast, scenario.model_copy(update={"parties": parties})), None)
    read = Read(html)
    assert HOSTILE in read.text
    assert not {"script", "img", "iframe", "object", "link", "base", "form"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in {"src", "href", "xlink:href"}]
    assert "default-src 'none'" in html
    outside = set(re.findall(r"https?://[^\"' <]+", html))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["forecast", "scenario", "largest"])
def test_brief_is_one_page(forecast: Forecast, chromium: str, kind: str) -> None:
    """Printed by a browser the brief is one page of A4, also where names are long and settings many."""
    pages = {
        "forecast": lambda: Shown(forecast, Scenario(), forecast),
        "scenario": lambda: shown(forecast, SMALL),
        "largest": lambda: largest(forecast),
    }
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("request", lambda sent: said.append(sent.url))
        tab.set_content(brief_html(pages[kind](), ADDRESS))
        pdf = tab.pdf(prefer_css_page_size=True, print_background=True)
        browser.close()
    assert said == []
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box is not None
    assert [float(side) for side in box.groups()] == pytest.approx([595.28, 841.89], abs=1)
