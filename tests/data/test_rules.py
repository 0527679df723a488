from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import BadInput, read_table
from data.checks.contests import contest_faults
from data.compile import rules
from data.compile.common import write_table
from data.load import Evidence, load_evidence, tables_dir
from data.schemas.mps import METHODS, SECTIONS


@pytest.fixture(scope="module")
def adopted() -> pl.DataFrame:
    return read_table("selection_rules")


@pytest.fixture(scope="module")
def sections() -> pl.DataFrame:
    return read_table("selection_sections")


def test_every_word_of_a_rule_is_in_use(sections: pl.DataFrame) -> None:
    """No section and no method is allowed that no row has."""
    assert set(sections["section"]) | set(read_table("member_ballots")["section"]) == set(SECTIONS)
    assert set(sections["method"]) == set(METHODS)


def in_force(adopted: pl.DataFrame, party: str, day: date) -> dict[str, object]:
    held = adopted.filter(pl.col("party") == party, pl.col("start") <= day).sort("start")
    return held.row(-1, named=True)


@pytest.mark.parametrize(
    ("party", "day", "rule", "nomination", "challenge"),
    [
        ("con", date(1990, 11, 20), "con-1975", None, None),
        ("con", date(2005, 12, 6), "con-1998", None, 0.15),
        ("con", date(2018, 12, 12), "con-1998", None, 0.15),
        ("con", date(2019, 6, 13), "con-2019", 8 / 313, 0.15),
        ("con", date(2022, 10, 24), "con-2022b", 100 / 357, 0.15),
        ("con", date(2026, 1, 1), "con-2024b", None, 1 / 3),
        ("lab", date(1980, 11, 10), "lab-1922", None, None),
        ("lab", date(1983, 10, 2), "lab-1981", 0.05, 0.05),
        ("lab", date(1994, 7, 21), "lab-1993", 0.125, 0.2),
        ("lab", date(2015, 9, 12), "lab-2014", 0.15, 0.2),
        ("lab", date(2020, 4, 4), "lab-2018", 0.1, 0.2),
        ("lab", date(2026, 7, 15), "lab-2021", 0.2, 0.2),
        ("lib", date(1976, 7, 7), "lib-1976", None, None),
        ("lib", date(2019, 7, 22), "lib-2006", 0.1, 0.5),
    ],
)
def test_the_rule_of_a_day(
    adopted: pl.DataFrame, party: str, day: date, rule: str, nomination: float | None, challenge: float | None
) -> None:
    """On the day of a known contest the rule that party then had is in force, with its thresholds."""
    row = in_force(adopted, party, day)
    assert row["rule"] == rule
    assert row["nomination"] == (None if nomination is None else pytest.approx(nomination, abs=0.00001))
    assert row["challenge"] == (None if challenge is None else pytest.approx(challenge, abs=0.00001))


def test_every_rule_has_sections(adopted: pl.DataFrame, sections: pl.DataFrame) -> None:
    """Each rule says who votes, its stages are numbered from 1, and the weights of each stage sum to 1."""
    assert set(sections["rule"]) == set(adopted["rule"])
    stages = sections.group_by("rule", "stage").agg(weight=pl.col("weight").sum())
    assert (stages["weight"] - 1).abs().max() < 0.00001
    numbered = sections.group_by("rule").agg(last=pl.col("stage").max(), stages=pl.col("stage").n_unique())
    assert (numbered["last"] == numbered["stages"]).all()


def test_only_a_last_stage_decides(sections: pl.DataFrame) -> None:
    """A stage says how many go on exactly where another follows it."""
    last = pl.col("stage") == pl.col("stage").max().over("rule")
    assert sections.filter(last)["advance"].null_count() == sections.filter(last).height
    assert set(sections.filter(~last)["advance"]) == {2}


def test_rules_are_named_after_their_year(adopted: pl.DataFrame) -> None:
    """A rule is named after its party and the year it came into force, and no party has two on one day."""
    assert (adopted["rule"].str.slice(0, 3) == adopted["party"]).all()
    assert (adopted["rule"].str.extract(r"(\d{4})").cast(pl.Int32) == adopted["start"].dt.year()).all()
    assert adopted.select("party", "start").is_unique().all()


def test_rules_are_known_when_adopted(adopted: pl.DataFrame, sections: pl.DataFrame) -> None:
    """No rule is known before it was adopted, nor in force before it is known; its sections are known with it."""
    assert (adopted["known_on"] <= adopted["start"]).all()
    both = sections.join(adopted, on="rule", suffix="_rule")
    assert (both["known_on"] == both["known_on_rule"]).all()


def test_what_is_not_checked_says_so(adopted: pl.DataFrame) -> None:
    """A rule that no page was found for is marked in both columns."""
    assert (adopted["verified"] != adopted["source"].str.contains("unverified")).all()


def test_colleges_have_the_weights_of_their_ballots(sections: pl.DataFrame, adopted: pl.DataFrame) -> None:
    """The weights in Labour's rules are those of the ballots held under them."""
    ballots = read_table("member_ballots").filter(pl.col("weight").is_not_null())
    for (day,), held in ballots.group_by("date"):
        rule = in_force(adopted, "lab", day)["rule"]
        ruled = dict(sections.filter(pl.col("rule") == rule).select("section", "weight").iter_rows())
        for section, weight in held.select("section", "weight").unique().iter_rows():
            assert ruled[section] == pytest.approx(weight, abs=0.0001), (day, section)


def test_a_lead_is_held_while_mps_alone_voted_by_rounds(adopted: pl.DataFrame) -> None:
    """Conservative rules from 1965 to 1997 ask for a lead of 15 per cent, say of whom, and no other rule has one."""
    leads = adopted.filter(pl.col("lead").is_not_null())
    assert dict(leads.select("rule", "lead").iter_rows()) == {"con-1965": 0.15, "con-1975": 0.15, "con-1991": 0.15}
    told = dict(leads.select("rule", "note").iter_rows())
    assert "of the votes cast" in told["con-1965"]
    assert "of those entitled" in told["con-1975"]
    assert "of those entitled" in told["con-1991"]


def test_one_electorate_names_its_groups(sections: pl.DataFrame) -> None:
    """Where all votes count alike the groups are named: registered supporters until 2021, and nobody elsewhere."""
    named = sections.filter(pl.col("electorate").is_not_null())
    assert set(named["section"]) == {"one_electorate"}
    three = "members affiliates supporters"
    assert dict(named.select("rule", "electorate").iter_rows()) == {
        "lab-2014": three,
        "lab-2017": three,
        "lab-2018": three,
        "lab-2021": "members affiliates",
    }


@pytest.mark.parametrize("contest", ["lab2015", "lab2016", "lab2020"])
def test_electorates_are_those_of_their_ballots(contest: str, adopted: pl.DataFrame, sections: pl.DataFrame) -> None:
    """The groups named are those whose votes the ballots held under the rule were counted by."""
    ballots = read_table("member_ballots").filter(pl.col("contest_id") == contest, pl.col("section") != "overall")
    rule = in_force(adopted, "lab", ballots["date"].first())["rule"]
    (named,) = sections.filter(pl.col("rule") == rule)["electorate"]
    assert set(named.split()) == set(ballots["section"])


@pytest.mark.parametrize(
    ("electorate", "said"),
    [
        (
            pl.col("electorate").fill_null("members"),
            "Rule con-1965, stage 1, section mps: an electorate is named exactly",
        ),
        (pl.lit(None, pl.String), "Rule lab-2021, stage 1, section one_electorate: an electorate is named exactly"),
        (
            pl.col("electorate").str.replace("supporters", "friends"),
            "Rule lab-2014, stage 1, section one_electorate: 'friends'",
        ),
    ],
)
def test_a_wrong_electorate_is_a_sentence(electorate: pl.Expr, said: str) -> None:
    """An electorate out of place, missing or in a word for no section is told in a sentence that names the rule."""
    whole = load_evidence()
    held = {name: getattr(whole, name) for name in whole.__dataclass_fields__}
    sections = held["selection_sections"].with_columns(electorate=electorate)
    faults = contest_faults(Evidence(**(held | {"selection_sections": sections})))
    assert any(fault.startswith(said) for fault in faults)


@pytest.mark.parametrize("name", ["selection_rules", "selection_sections"])
def test_rebuilds_byte_for_byte(name: str, tmp_path: Path) -> None:
    """The files compiled by hand give the shipped table, byte for byte."""
    built = write_table(name, rules.tables(tmp_path)[name], tmp_path)
    assert built.read_bytes() == (tables_dir() / f"{name}.csv").read_bytes()


def test_a_section_without_its_rule_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Sections of a rule that is not listed are refused by the rule's name."""
    read = rules.by_hand
    lost = read("selection_sections").head(1).with_columns(rule=pl.lit("con-1066"))
    monkeypatch.setattr(rules, "by_hand", lambda name: lost if name == "selection_sections" else read(name))
    with pytest.raises(BadInput, match="con-1066"):
        rules.tables(tmp_path)


def test_a_date_that_is_none_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A date that is none ends in BadInput that names the files, not in a traceback of Polars."""
    wrong = rules.by_hand("selection_rules").with_columns(start=pl.lit("in spring"))
    monkeypatch.setattr(rules, "by_hand", lambda _: wrong)
    with pytest.raises(BadInput, match=r"selection_rules\.csv"):
        rules.tables(tmp_path)
