"""An answer about a leadership contest as text for a terminal, as JSON, and in sentences."""

from typing import Any

import numpy as np

from models.contest_answer import NEW_LEADER_SD, Answer
from models.contest_forecast import interval, standing_table
from models.contest_record import Case
from models.explain_text import in_hundred, verdict
from models.rules import Rule, groups_of

HALF, SELDOM = 0.5, 0.01
GROUP_NAMES = {"mps": "MPs", "members": "members", "affiliates": "affiliates", "supporters": "supporters"}


def headline(found: Answer) -> str:
    """Say who wins under the rule in force and what another rule would have brought.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    str
        With chances and, where a forecast was given, the price in seats with its 90 % range: beside the rule under
        which somebody else is likeliest to win, or else under which the chance of the same winner differs most.
    """
    held, table = found.held, found.rules.to_dicts()
    ours = table[0]
    who = ours["winner"]
    said = f"Under the rule in force ({ours['name']}) {who} wins in {in_hundred(ours['p_winner'])} of 100"
    if len(table) == 1:
        return f"{said}."
    at = held.candidates.index(who)
    apart = {row["rule"]: abs(held.counts[row["rule"]].p_win()[at] - ours["p_winner"]) for row in table[1:]}
    other = max(table[1:], key=lambda row: (row["winner"] != who, apart[row["rule"]]))
    chance = f"{in_hundred(other['p_winner'])} of 100"
    then = f"so would {who} in {chance}" if other["winner"] == who else f"{other['winner']} would win in {chance}"
    said += f"; {_had(held.rules[other['rule']])}, {then}"
    return f"{said}{_price(found, ours, other)}"


def _price(found: Answer, ours: dict[str, Any], other: dict[str, Any]) -> str:
    """What the other rule is worth in seats, as the end of a sentence."""
    nobody = f"; in {in_hundred(other['p_nobody'])} of 100 nobody could stand" if other["p_nobody"] > SELDOM else ""
    price = other.get("price")
    if price is None or found.election_date is None:
        return f"{nobody}."
    when = f"at the election of {found.election_date:%B %Y}"
    lo, hi = other["price_lo90"], other["price_hi90"]
    worth = verdict("seats", price, lo, hi)
    if worth in ("nothing", "next to nothing"):
        return f", and about as many seats could be expected {when} ({other['seats']:.0f}){nobody}."
    seats = f"{abs(price):.0f} seats {'more' if price > 0 else 'fewer'}"
    return (
        f", and the party could expect {seats} {when}, {other['seats']:.0f} instead of {ours['seats']:.0f} "
        f"(90% range of the difference {signed(lo)} to {signed(hi)}{', ' + worth if worth else ''}){nobody}."
    )


def signed(value: float) -> str:
    """Whole number with its sign, a true minus, and no sign on what rounds to nought."""
    return "0" if abs(value) < HALF else f"{'+' if value > 0 else '−'}{abs(value):.0f}"


def _had(rule: Rule) -> str:
    """A rule as the beginning of a clause: ``had MPs alone chosen``."""
    if rule.groups == {"mps"}:
        return "had MPs alone chosen"
    if rule.groups == {"members"}:
        return "had members alone chosen"
    voting = [{group for section in stage.sections for group in section.who} for stage in rule.stages]
    if voting == [{"mps"}, {"members"}]:
        return f"had MPs named {rule.stages[0].advance} and members decided"
    return f"under another rule ({rule.name})"


def limits(found: Answer) -> list[str]:
    """Say what the evidence does not tell of a contest.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    list of str
        Sentences.
    """
    case, said = found.held.case, []
    kinds = {(reading.kind, reading.group) for reading in case.readings if set(reading.who) & set(case.paper)}
    if not {("poll", "members"), ("ballot", "members"), ("range", "members")} & kinds:
        said.append("No poll of members is known by then: what they think is inferred from MPs and past contests.")
    if not {(kind, "mps") for kind in ("ballot", "nominations", "confidence", "range")} & kinds:
        said.append("No vote of MPs is known by then: what they think is inferred from members and past contests.")
    elif ("nominations", "mps") in kinds and ("ballot", "mps") not in kinds:
        said.append("MPs had nominated but not voted: nominations are lent, or follow the likely winner.")
    if any(reading.kind == "range" for reading in case.readings):
        said.append("Ranges of your own are met within a few points: the answer is no better than they are.")
    unknown = [one.name for one in found.led.values() if one.basis == "where new leaders start"]
    if unknown:
        alike = ", all alike, so that seats tell them apart by their MPs' support alone" if len(unknown) > 1 else ""
        said.append(
            f"How voters would take {_listed(unknown)} is not known but that new leaders have started at "
            f"{signed(found.led[unknown[0]].favourability.mean())} points, give or take {NEW_LEADER_SD:.0f}{alike}."
        )
    if found.led and all(np.isnan(one.support).any() for one in found.led.values()):
        said.append(
            "MPs' support of this party's leaders is not known, or its MPs are too few, and moves no votes here."
        )
    if case.block:
        said.append("Unions and local parties voted as blocks, whose leaders nobody polled.")
    said.append(
        "Withdrawals, deals between candidates, tactical votes of MPs and members who join to vote for one of them are "
        "not foreseen but as the spread of past contests."
    )
    if found.led:
        said.append("Polling day is taken as known, though governments choose it: leaders may have to last longer.")
    return said


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def contest_json(found: Answer) -> dict[str, Any]:
    """An answer as plain data.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    dict
        ``contest_id, party, as_of, result_day, election_date, incumbent, candidates`` (by name ``p_win`` by rule and
        ``share`` by group), ``rules``, ``leaderships``, ``divergence`` of the two likeliest, ``readings``, ``headline``
        and ``limits``.
    """
    held, case = found.held, found.held.case
    groups = groups_of(case.party)
    told = standing_table(held).select("candidate", "group", "mean").rows()
    share = {(name, group): mean for name, group, mean in told}
    pair = leading(found)
    return {
        "contest_id": case.contest_id,
        "party": case.party,
        "as_of": found.as_of.isoformat(),
        "result_day": case.result_day.isoformat(),
        "election_date": found.election_date.isoformat() if found.election_date else None,
        "incumbent": case.incumbent,
        "candidates": {
            name: {
                "p_win": {code: round(float(counted.p_win()[i]), 4) for code, counted in held.counts.items()},
                "share": {group: round(share[name, group], 4) for group in groups},
            }
            for i, name in enumerate(held.candidates)
        },
        "rules": _rounded(found.rules.to_dicts()),
        "leaderships": _rounded(found.leaderships.to_dicts()) if found.led else [],
        "divergence": _rounded([interval(held.divergence(*pair))])[0] | {"of": [held.candidates[i] for i in pair]},
        "readings": [_told(case, i) for i in range(len(case.readings))],
        "headline": headline(found),
        "limits": limits(found),
    }


def leading(found: Answer) -> tuple[int, int]:
    """The two candidates likeliest to win under the rule in force, as places on the paper."""
    chance = next(iter(found.held.counts.values())).p_win()
    first, second = np.argsort(-chance, kind="stable")[:2]
    return int(first), int(second)


def _rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: round(v, 4) if isinstance(v, float) else v for key, v in row.items()} for row in rows]


def _told(case: Case, place: int) -> dict[str, Any]:
    reading = case.readings[place]
    total = float(reading.share.sum())
    return {
        "day": reading.day.isoformat(),
        "group": reading.group,
        "kind": reading.kind,
        "source": reading.source or None,
        "shares": {name: round(float(s) / total, 4) for name, s in zip(reading.who, reading.share, strict=False)},
    }


def contest_text(found: Answer) -> str:
    """An answer as a page for a terminal.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    str
        Shares by group, rules side by side, leaderships, the headline and what the evidence does not say.
    """
    held, case = found.held, found.held.case
    groups = groups_of(case.party)
    lines = [
        f"Leadership of {case.party} as of {found.as_of}; result due {case.result_day}",
        "",
        f"{'first votes in 100 if asked':30}" + "".join(f"{GROUP_NAMES[group]:>12}" for group in groups),
    ]
    for (name,), rows in standing_table(held).group_by("candidate", maintain_order=True):
        told = rows.select("mean", "sd").iter_rows()
        lines.append(f"{name:30}" + "".join(f"{100 * mean:7.0f} ±{100 * sd:3.0f}" for mean, sd in told))
    seats = f"{'seats':>8}{'price':>8}{'90 %':>14}" if found.led else ""
    lines += ["", f"{'rule':12}{'likeliest winner':26}{'wins':>6}{'MPs want other':>16}{'nobody':>8}{seats}"]
    lines += [_rule_line(row) for row in found.rules.iter_rows(named=True)]
    if found.led:
        ends = f"{'lasts':>7}{'gone if lost':>14}" if found.lasts else ""
        head = f"{'as leader':26}{'liked':>7}{'MPs':>6}{'seats':>7}{'90 %':>12}{'majority':>10}{'with MPs':>10}{ends}"
        lines += ["", head, *(_leader_line(row) for row in found.leaderships.iter_rows(named=True))]
    pair = leading(found)
    apart = interval(100.0 * held.divergence(*pair))
    lines += [
        "",
        headline(found),
        _apart_line(held.candidates[pair[0]], held.candidates[pair[1]], apart),
        "",
        *limits(found),
    ]
    return "\n".join(lines)


def _apart_line(one: str, other: str, apart: dict[str, Any]) -> str:
    return (
        f"Members' margin of {one} over {other} less that of MPs: {signed(apart['mean'])} points "
        f"({signed(apart['lo90'])} to {signed(apart['hi90'])})."
    )


def _rule_line(row: dict[str, Any]) -> str:
    said = f"{row['rule']:12}{row['winner']:26}{100 * row['p_winner']:5.0f}%{100 * row['car_crash']:15.0f}%"
    said += f"{100 * row['p_nobody']:7.0f}%"
    if row["seats"] is None:
        return said
    ends = f"{signed(row['price_lo90'])} to {signed(row['price_hi90'])}"
    return f"{said}{row['seats']:8.0f}{signed(row['price']):>8}{ends:>14}"


def _leader_line(row: dict[str, Any]) -> str:
    support = "  none" if row["support"] is None else f"{100 * row['support']:5.0f}%"
    govern = f"{'':10}" if row["p_govern"] is None else f"{100 * row['p_govern']:9.0f}%"
    lasts = "" if row["p_lasts"] is None else f"{100 * row['p_lasts']:6.0f}%{100 * row['p_gone']:13.0f}%"
    return (
        f"{row['candidate']:26}{signed(row['favourability']):>7}{support}{row['seats']:7.0f}"
        f"{row['lo90']:7.0f} -{row['hi90']:4.0f}{100 * row['p_majority']:9.0f}%{govern}{lasts}"
    )
