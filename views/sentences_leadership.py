"""Sentences on leadership contests, from the same numbers as their charts."""

import polars as pl

from models.contest_answer import Answer
from models.contest_text import GROUP_NAMES, leading
from models.rules import groups_of
from views import frames_leadership, frames_leadership_past, words
from views.names_leadership import GROUP_LABELS, in_hundred, rule_title

FEW = 0.05
"""Candidates with a smaller chance are not named."""
WITHOUT_SEATS = (
    "No forecast of {day} is stored, so no seats are shown. This makes one and answers in a terminal: "
    "`selectorate contest --party {party} --as-of {iso}`. Then reload this page."
)
FROM_REPORT = (
    "No forecast of {day} is stored: the seats of the rules below are those of the report of past contests, and what "
    "each candidate would be worth as leader is not shown. This makes the forecast: "
    "`selectorate contest --party {party} --as-of {iso}`. Then reload this page."
)


def chances(found: Answer) -> str:
    """Say who wins how often under each rule.

    Parameters
    ----------
    found : Answer
        The contest.

    Returns
    -------
    str
        The rule in force first; candidates with a chance of 5 in 100 or more.
    """
    held, said = found.held, []
    for code, counted in held.counts.items():
        chance = counted.p_win()
        order = sorted(range(len(held.candidates)), key=lambda i: -chance[i])
        named = [f"{held.candidates[i]} {in_hundred(float(chance[i]))}" for i in order if chance[i] >= FEW]
        lots = f"; nobody has enough nominations {in_hundred(counted.p_nobody)}" if counted.p_nobody >= FEW else ""
        said.append(f"{rule_title(code)}: {words.listed(named)}{lots}")
    return f"Times in 100 each candidate wins, by rule. {'. '.join(said)}."


def leaders(found: Answer) -> str:
    """Say how many seats the party would expect under each candidate."""
    table = found.leaderships.sort("seats", descending=True, maintain_order=True)
    parts = [
        f"{row['candidate']} {row['seats']:.0f} (90% range {words.seat_range(row['lo90'], row['hi90'])})"
        for row in table.iter_rows(named=True)
    ]
    when = words.day(found.election_date) if found.election_date else "polling day"
    return f"Seats the party would expect at the election of {when} under each candidate: {words.listed(parts)}."


def standings(found: Answer) -> str:
    """Say who leads in each group and by how sure a share."""
    table, said = frames_leadership.standings(found), []
    for group in groups_of(found.held.case.party):
        label = GROUP_LABELS[group]
        first = table.filter(pl.col("group") == label).sort("mean", descending=True).row(0, named=True)
        ends = f"{100 * first['lo90']:.0f}% to {100 * first['hi90']:.0f}%"
        said.append(f"among {GROUP_NAMES[group]} {first['name']} with {100 * first['mean']:.0f}% ({ends})")
    return f"Who leads on first votes, 90% ranges in brackets: {words.listed(said)}."


def margins(found: Answer) -> str:
    """Say how far members and MPs are apart between the two likeliest winners."""
    held, pair = found.held, leading(found)
    one, other = (held.candidates[i] for i in pair)
    rows = {row["name"]: row for row in frames_leadership.margins(found).iter_rows(named=True)}
    told = {
        name: f"{words.signed(row['mean'])} points (90% range {words.signed(row['lo90'])} to "
        f"{words.signed(row['hi90'])})"
        for name, row in rows.items()
    }
    apart = rows["Members less MPs"]
    unsure = ", so perhaps they are not apart" if apart["lo90"] <= 0 <= apart["hi90"] else ""
    return (
        f"Between {one} and {other} alone, {one}'s margin is {told['Members']} among members and {told['MPs']} among "
        f"MPs. Members less MPs makes {told['Members less MPs']}{unsure}."
    )


def divergences(table: pl.DataFrame) -> str:
    """Say in how many contests members and MPs parted, and where most.

    Parameters
    ----------
    table : pl.DataFrame
        As ``views.frames_leadership_past.divergences`` gives it.

    Returns
    -------
    str
        Plain text.
    """
    if table.is_empty():
        return "In no past contest did both members and MPs vote on the winner and the main rival."
    far = table.sort(pl.col("points").abs(), descending=True).head(2)
    most = [f"{row['name']} ({words.signed(row['points'])})" for row in far.iter_rows(named=True)]
    liked = table.filter(pl.col("points") > 0).height
    return (
        f"In {words.plural(table.height, 'contest')} both members and MPs voted on the winner and the main rival; in "
        f"{liked} members liked the winner better than MPs did. Furthest apart, in points of margin: "
        f"{words.listed(most)}."
    )


def record(contests: pl.DataFrame) -> str:
    """Say how replays scored beside the last poll and beside the MPs' favourite.

    Parameters
    ----------
    contests : pl.DataFrame
        ``reports/contests.csv``.

    Returns
    -------
    str
        Favourites that won, and the chance given to who won, as a geometric mean.
    """
    every = {score.method: score for score in frames_leadership_past.scores(contests)}
    ours, poll, mps, lot = (every[name] for name in frames_leadership_past.METHODS.values())
    said = (
        f"Held again on its eve, with what was known and learned by then, our favourite won {ours.right} of "
        f"{words.plural(ours.named, 'past contest')}; the MPs' favourite won {mps.right} of the {mps.named} where one "
        f"is known, the leader of the last poll of members {poll.right} of {poll.named}. To who won we gave "
        f"{in_hundred(ours.chance)} chances in 100 (geometric mean); a lot would have given {in_hundred(lot.chance)}, "
        f"betting on the MPs' favourite as often as that had come true before {in_hundred(mps.chance)}."
    )
    part = frames_leadership_past.polled(contests)
    if part.is_empty():
        return said
    near = {score.method: score for score in frames_leadership_past.scores(part)}
    ours, poll, mps, _ = (near[name] for name in frames_leadership_past.METHODS.values())
    return (
        f"{said} In the {part.height} with a poll of members: {in_hundred(ours.chance)}, the poll's leader "
        f"{in_hundred(poll.chance)}, the MPs' favourite {in_hundred(mps.chance)}."
    )


def other_rules(rules: pl.DataFrame) -> str:
    """Say in how many past contests another rule would likely have chosen somebody else, and the largest price.

    Parameters
    ----------
    rules : pl.DataFrame
        ``reports/contest_rules.csv``.

    Returns
    -------
    str
        Plain text.
    """
    counts = frames_leadership_past.other_winners(rules)
    said = (
        f"Of {words.plural(counts.contests, 'past contest')}, {counts.other} would likely have had another winner "
        "under at least one of the rules set beside the one in force."
    )
    if counts.largest is None:
        return said
    row = counts.largest
    lo, hi = (words.signed(row[end]) for end in ("price_lo90", "price_hi90"))
    return (
        f"{said} The largest difference in seats is that of {rule_title(row['rule'])} in the contest "
        f"{frames_leadership_past.title(row | {'winner': row['happened']})}: {words.signed(row['price'])} "
        f"(90% range {lo} to {hi})."
    )
