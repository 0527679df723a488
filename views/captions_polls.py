"""What stays the same on the page of polls: what its marks and columns mean, and how it was reckoned."""

ABOUT_SMOOTHERS = {
    "model": (
        "Line: the model's median; bands hold 50, 80 and 95 of 100 simulations, the paler the more. Each pollster's "
        "lean is taken out, an odd poll weighs less, and later polls correct earlier days. Marks: every poll of Great "
        "Britain."
    ),
    "mean": (
        "Line: each day the plain mean of the polls that ended in the 14 days up to it, each counting the same; where "
        "fewer than three ended there is no line. It jumps when a pollster with a lean comes in or goes out, and it "
        "lags by a week. Dashed: the model's median. Marks: every poll of Great Britain."
    ),
    "local": (
        "Line: on each day a straight line through the polls of 60 days on either side, near ones weighing more "
        "(LOESS). It takes pollsters' leans for opinion, and its last weeks rest on few polls. Dashed: the model's "
        "median. Marks: every poll of Great Britain."
    ),
}
ABOUT_LEANS = (
    "Dot: how far a pollster's polls lie from the median path on average, at today's standing of the party; line: the "
    "90% interval. Pollsters with few polls are drawn towards none. This is not the model's own house effect, which a "
    "stored forecast does not keep, but close to it. It does not say which pollster is right: all may be off together."
)
LATELY = (
    "Then: where all polls, later ones included, put that day. Went out: polls that a plain mean of 14 days has lost "
    "since; the model drops none, they only fade."
)
SINCE_FORECAST = (
    "Then: what the earlier forecast said. Went out: polls it used and this one does not, corrected or withdrawn; a "
    "corrected poll is also among those that came in."
)
COLUMNS = {
    "Counts as": (
        "people in a perfect random sample that would tell as much, after sampling, rounding, the kind of poll and the "
        "noise beyond sampling that polls of this Parliament show. Age is not in it: an old poll weighs as much on its "
        "own day."
    ),
    "Lean": "how far the pollster's polls lie above the median path on average, in points.",
    "Residual": "the poll less the median path and less the lean, in points: what was new in it, or wrong.",
    "Status": (
        "used, or excluded with the reason. Published averages stand for weeks without polls; seat models count less "
        "than their sample, because their errors are those of a model."
    ),
    "Source and Link": "where the figures were taken from; of quoted polls the pollster's own site.",
}
INVITATION = (
    "See at once what new polls would do. The file is read for this session only and stored nowhere. It has a row a "
    "poll with shares in per cent, as below; `client`, `mode`, `start_date`, `published`, `area` and other parties may "
    "follow."
)
ABOUT_UPDATE = (
    "Approximate: nothing is fitted. Simulations count more the better their voting intention agrees with the polls. A "
    "poll errs by sampling, by the noise beyond it and by what is not known of its pollster's lean, both as measured "
    "on the polls of this Parliament, and by what opinion may drift between fieldwork and the day of the forecast. "
    "That all polls may be wrong together is in the simulations already."
)
