import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views import words

chances = st.floats(0, 1, allow_nan=False)
ORDER = [
    "almost impossible",
    "very unlikely",
    "unlikely",
    "less likely than not",
    "as likely as not",
    "more likely than not",
    "likely",
    "very likely",
    "almost certain",
]


def printed(text: str) -> float:
    """Middle of what a printed frequency claims."""
    found = re.fullmatch(r"(more than|fewer than|about) (\d+) in (10|100)", text)
    assert found is not None
    value = int(found[2]) / int(found[3])
    return {"more than": (1 + value) / 2, "fewer than": value / 2, "about": value}[found[1]]


@given(chances)
def test_frequency_is_true(p: float) -> None:
    """A printed frequency is within half a tenth of the chance, and within a hundredth near the ends."""
    assert abs(printed(words.frequency(p)) - p) <= (0.0501 if 0.05 <= p <= 0.95 else 0.0101)


@given(chances)
def test_frequency_has_no_decimals(p: float) -> None:
    """Chances are never printed with decimals, nor as certain or impossible."""
    text = words.frequency(p)
    assert "." not in text
    assert not text.startswith("about 0")
    assert text not in ("about 10 in 10", "about 100 in 100")


@given(chances, chances)
def test_words_rise_with_chances(p: float, q: float) -> None:
    """A larger chance never gets a lower word or a lower frequency."""
    low, high = sorted((p, q))
    assert ORDER.index(words.chance_word(low)) <= ORDER.index(words.chance_word(high))
    assert printed(words.frequency(low)) <= printed(words.frequency(high))


@given(chances, chances)
def test_same_number_same_word(p: float, q: float) -> None:
    """Two chances printed with one frequency carry one word."""
    if words.frequency(p) == words.frequency(q):
        assert words.chance_word(p) == words.chance_word(q)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "almost impossible (fewer than 1 in 100)"),
        (0.03, "very unlikely (about 3 in 100)"),
        (0.25, "unlikely (about 3 in 10)"),
        (0.5, "as likely as not (about 5 in 10)"),
        (0.7, "likely (about 7 in 10)"),
        (0.96, "very likely (about 96 in 100)"),
        (1.0, "almost certain (more than 99 in 100)"),
    ],
)
def test_scale_is_fixed(p: float, text: str) -> None:
    """The scale of words is the published one."""
    assert words.chance(p) == text


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8).filter(lambda parts: sum(parts) > 0.01))
def test_percentages_sum_to_100(parts: list[float]) -> None:
    """Rounded parts of a whole sum to 100, and each is within a point of its part."""
    whole = [p / sum(parts) for p in parts]
    rounded = words.percentages(whole)
    assert sum(rounded) == 100
    assert all(abs(r - 100 * p) < 1 for r, p in zip(rounded, whole, strict=True))


@pytest.mark.parametrize(("p", "kind"), [(0.95, "safe"), (0.949, "likely"), (0.79, "lean"), (0.59, "toss-up")])
def test_kind_of_seat(p: float, kind: str) -> None:
    """Seats are sorted by the chance of the likeliest winner."""
    assert words.category(p) == kind


@given(st.text())
def test_markdown_is_escaped(text: str) -> None:
    """Every character Markdown could act on is escaped; nothing else is changed but white space and what is unseen."""
    safe = words.safe(text)
    seen = "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in {"Cc", "Cf"})
    assert re.sub(r"\\(.)", r"\1", safe) == seen
    assert re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>$]", safe) is None


@pytest.mark.parametrize(
    ("value", "text"), [(3.4, "+3"), (-3.4, "−3"), (0.2, "0"), (-0.2, "0"), (-0.0, "0"), (12.0, "+12")]
)
def test_signs(value: float, text: str) -> None:
    """A change has its sign, and no sign where it rounds to nought."""
    assert words.signed(value) == text


def test_shares_dates_and_lists() -> None:
    """Shares, dates, counts and lists are written as an English reader expects."""
    assert words.share(0.2449) == "24%"
    assert words.share(0.041) == "4.1%"
    assert words.share(0.0996) == "10%"
    assert words.day(date(2029, 5, 3)) == "3 May 2029"
    assert words.plural(1, "seat") == "1 seat"
    assert words.plural(1204, "seat") == "1,204 seats"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed([]) == ""


def test_days_of_the_models_are_said_as_the_pages_say_days() -> None:
    """Days within a text of the models become British, and other numbers stay."""
    text = "confidence vote of 2016-06-28: 40 of 229; 20 resignations, 2015-16"
    assert words.with_days(text) == "confidence vote of 28 June 2016: 40 of 229; 20 resignations, 2015-16"
