import json
from pathlib import Path

import pytest

from tests.models.test_cli import Run, run

__all__ = ["run"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--party", "lab", "--as-of", "2018-05-01"), "Name the candidates yourself"),
        (("--party", "lab", "--as-of", "someday"), "is not a date"),
        (("--party", "lab", "--as-of", "2016-08-22", "--rule", "lab-1066"), 'No rule "lab-1066"'),
        (("--party", "lab", "--as-of", "2016-08-22", "--rule", "none.json"), "Cannot read none.json"),
        (("--party", "con", "--as-of", "2022-08-22", "--rule", "lab-1993"), "gives a vote to affiliates"),
        (("--party", "lab", "--as-of", "2016-08-22", "--candidates", "none.json"), "Cannot read none.json"),
    ],
)
def test_bad_questions_are_one_sentence_and_exit_two(run: Run, words: tuple[str, ...], sentence: str) -> None:
    """What cannot be asked ends with exit code 2, one line on stderr and nothing on stdout."""
    code, out, err = run("contest", "--no-seats", *words)
    assert code == 2
    assert sentence in err
    assert err.count("\n") == 1
    assert out == ""


def test_the_contest_of_2016_is_printed(run: Run, tmp_path: Path) -> None:
    """Text names rules, candidates and limits; JSON has the promised keys; a rule of one's own stands beside."""
    own = tmp_path / "open.json"
    own.write_text(json.dumps({"name": "members alone", "stages": [{"sections": [{"who": ["members"]}]}]}))
    words = (
        "contest",
        "--party",
        "lab",
        "--as-of",
        "2016-08-22",
        "--no-seats",
        "--rule",
        "lab-1922",
        "--rule",
        str(own),
    )
    code, out, _ = run(*words)
    assert code == 0
    assert all(word in out for word in ("Jeremy Corbyn", "Owen Smith", "lab-2014", "lab-1922", "own", "not foreseen"))
    code, out, _ = run(*words, "--json")
    data = json.loads(out)
    assert code == 0
    assert list(data["candidates"]["Owen Smith"]["p_win"]) == ["lab-2014", "lab-1922", "own"]
    assert data["leaderships"] == []
    assert data["incumbent"] == "Jeremy Corbyn"
    assert {reading["kind"] for reading in data["readings"]} == {"confidence", "nominations", "poll"}
