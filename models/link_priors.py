"""Priors of what leaders and MPs mean to voters, as values; see ``models.priors`` for how they are written."""

from dataclasses import dataclass, field

import numpy as np
import preliz as pz
from preliz.distributions.distributions import Distribution


@dataclass(frozen=True, kw_only=True)
class MpPriors:
    """Priors of MPs' support for their leader (``models.mp_model``), in log-odds unless said otherwise.

    Fewer than ten leaders have faced a second vote of their MPs, and most acts were followed by none, so these say a
    good part of what is known. Judgements are named as such.
    """

    usual: Distribution = field(default=pz.Normal(0.9, 0.4))
    """Where leaders stand with their MPs: 0.71 of them, 0.53 to 0.84 (95 %). A leader whom half do not want is in
    danger, one behind whom nine in ten stand is news. A judgement."""
    spread: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.8)), sigma=0.3))
    """Spread of leaders around that: from 0.33 to 0.92 (95 %), which holds all of them but Corbyn."""
    spread_new: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.5)), sigma=0.3))
    """The same on the day a leader is chosen: 0.48 to 0.87. Most of those who wanted another give her a chance."""
    memory: Distribution = field(default=pz.LogNormal(mu=float(np.log(6.0)), sigma=0.5))
    """Years until a difference from the usual has shrunk to 0.37 of itself; 2 to 16. Most leaders last four to ten, and
    Corbyn's MPs of 2016 had not come round in 2019."""
    crowding: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.7)), sigma=0.4))
    """How far a ballot between candidates understates who will stand by the winner, per log of one plus the effective
    number of rivals. With 0.7 a winner of one third in three stands at one half: a quarter of the others' supporters
    come over; a winner of a half against one rival at six tenths."""
    noise_faced: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.1)), sigma=0.4))
    """Error of a vote on a leader: 2.5 points at one half, for absences, spoilt papers and votes lent."""
    noise_chosen: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.35)), sigma=0.4))
    """Error of a vote that filled a vacancy: 8 points at one half. How many come round differs from leader to leader,
    and nominations are lent (Corbyn 2015) or follow the one who is sure to win (Brown 2007, Burnham 2026)."""
    lost: Distribution = field(default=pz.Normal(-1.1, 0.3))
    """Where a leader stands who gives way to acts of her MPs: 0.25, 0.16 to 0.37 (95 %). She goes when she expects to
    lose a vote and few are left to say otherwise: half is not low enough (Johnson stayed after 0.59, Thatcher wished to
    fight on at 0.55), and Corbyn held out at 0.17 since members, not MPs, could dismiss him. A judgement."""
    noise_lost: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.5)), sigma=0.2))
    """Spread of leaders around that: from 0.11 to 0.47 (95 %). Too few have gone so to learn it."""
    halving_open: Distribution = field(default=pz.Normal(-3.0, 0.4))
    """Log-odds of the part of all MPs whose resignation, statement or defection halves a leader's odds: 0.047, or 17 of
    350. Such acts cost those who act, so they speak for more: Johnson fell two days after 17 per cent had begun to
    resign, Truss after 3 per cent had spoken out. A judgement; no leader has faced a vote after such a wave."""
    halving_mild: Distribution = field(default=pz.Normal(-0.4, 0.5))
    """The same for letters, sent in secret, and for rebellions on a bill and suspensions that follow them: 0.40. Many a
    rebel stands by the leader: Blair led on after a third rebelled over Iraq, Cameron after three tenths over the
    House of Lords, and neither was challenged."""
    kind_spread: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.4)), sigma=0.4))
    """Spread of kinds of act around these two."""
    unevenness: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.5)), sigma=0.3))
    """Sd of what one act does, in parts of its usual effect: from nothing to twice as much. A judgement."""


@dataclass(frozen=True, kw_only=True)
class ResponsePriors:
    """Priors of the response model (``models.response``). Log-odds of a share, months, and tens of points of standing.

    At a third of the vote a tenth of log-odds is 2.2 points. Effects carry the sign the literature gives them and can
    be nothing or the opposite; scales are log-normal, for the reason given in ``PollPriors``.
    """

    theta_mean: Distribution = field(default=pz.Normal(0.08, 0.06))
    """Long-run log-odds per ten points of standing: 1.9 points of vote half a year on for ten points of a prime
    minister's net approval (Lewis-Beck, Nadeau and Belanger 2004, updated by Kenny and Lewis-Beck 2024) is 0.085 at a
    third. That rests on a dozen elections, so from less than nothing to twice as much."""
    theta_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.03)), sigma=0.5))
    """Spread between leaders: some parties hang on their leader more than others. A third of the mean, within 2.7."""
    lam: Distribution = field(default=pz.Normal(0.04, 0.04))
    """Log-odds within the month per ten points: half of the long run, as both follow the same news; may be nothing."""
    speed: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.07)), sigma=0.6))
    """Part of the way home a month: half in ten months, the arrival model's pace of return, within a factor of 3."""
    phi: Distribution = field(default=pz.Normal(0.1, 0.25))
    """Log-odds if all MPs instead of none back the leader, her standing being the same. Divided parties lose votes
    (Greene and Haber 2015, doi 10.1016/j.electstud.2014.11.006, sign only): 1.5 points a sd of support (0.2) would be
    0.3, and part of that goes by way of the leader. Labour gained in 2017, divided: it may be less than nothing."""
    psi: Distribution = field(default=pz.Normal(20.0, 20.0))
    """Points of standing for the same: no figure in the literature, only that discord lowers what voters think of a
    party's competence. One sd of support then moves standing by four points, within -4 to 12."""
    chi: Distribution = field(default=pz.Normal(5.0, 10.0))
    """The part of it within the month."""
    home: Distribution = field(default=pz.Normal(0.0, 0.15))
    """Where a party's voting intention goes home to, relative to its last result: three points either way at a third.
    Polls between elections can treat a party otherwise than the ballot does, year after year."""
    home_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.2)), sigma=0.3))
    """Spread of that between Parliaments: con and lab moved by 0.18 from one election to the next (rms, 1955-79) and by
    0.26 later. Within a factor of 1.8 (95 %): homes that could be anything would take the place of what moves them."""
    office: Distribution = field(default=pz.Normal(0.15, 0.15))
    """Mid-term cost of governing: governments poll three points below their result, give or take as much (Green and
    Jennings 2017, The Politics of Competence, of the costs of ruling)."""
    terms: Distribution = field(default=pz.Normal(0.04, 0.04))
    """The same per further election won in a row: 1.9 points a term in Lewis-Beck's regression, halved."""
    return_speed: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.05)), sigma=0.6))
    """Part of the way to her usual standing that a leader goes in a month: half of a honeymoon in 14 months."""
    usual_in_office: Distribution = field(default=pz.Normal(-20.0, 15.0))
    """Usual standing of a leader in government, in points: most prime ministers since 1979 were disliked on balance."""
    usual_in_opposition: Distribution = field(default=pz.Normal(-5.0, 15.0))
    """And in opposition, where fewer decisions are taken."""
    usual_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(15.0)), sigma=0.4))
    """Spread of usual standings between leaders."""
    intention_noise: Distribution = field(default=pz.LogNormal(mu=float(np.log(0.06)), sigma=0.4))
    """Movement of a party of 30 per cent in a month for other reasons: 1.3 points, as the polls models of eight
    Parliaments have it (0.015 a root of day)."""
    standing_noise: Distribution = field(default=pz.LogNormal(mu=float(np.log(4.0)), sigma=0.4))
    """Movement of a leader's known standing in a month, in points."""


@dataclass(frozen=True, kw_only=True)
class LeaderPriors:
    """Priors of the leaders model (``models.leader_model``), in points of net favourability unless said otherwise.

    Scales are log-normal, for the reason given in ``PollPriors``. Where a figure is from our own record it is named,
    and spread far enough that the record can contradict it.
    """

    wording: Distribution = field(default=pz.Normal(0.0, 15.0))
    """A wording's usual gap to "satisfied": Ipsos's own two questions are 20 to 33 points apart (2025)."""
    house_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(6.0)), sigma=0.3))
    """Spread of pollsters about a wording's mean: one in twenty differs by twelve points or more."""
    load: Distribution = field(default=pz.LogNormal(mu=0.0, sigma=0.15))
    """Points of a wording for a point of "satisfied": those that offer a middle answer or attract many don't knows
    have nets nearer zero. Within a third either way (95 %); most nets are of per cents of all asked, so near one."""
    own_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(6.0)), sigma=0.3))
    """What one question says of one leader beside its usual gap: as much as houses differ."""
    shared_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(6.0)), sigma=0.4))
    """What all other questions together say of one leader beside the reference: 15 points for Corbyn in 2019."""
    noise: Distribution = field(default=pz.LogNormal(mu=float(np.log(4.5)), sigma=0.3))
    """A reading's error: a net of 1,000 answers has a sampling sd of 2.5, and the house's own adds to it."""
    noise_unnamed: Distribution = field(default=pz.LogNormal(mu=float(np.log(9.0)), sigma=0.3))
    """The same where a table names neither pollster nor wording, so that its readings mix many of both."""
    drift: Distribution = field(default=pz.LogNormal(mu=float(np.log(5.0)), sigma=0.3))
    """Movement a root of month beside all named shocks: readings a month apart differ by some eight points, five of
    them more than their errors. Within a factor of 1.8 (95 %)."""
    usual_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(20.0)), sigma=0.25))
    """Spread of leaders about where they usually stand. Ratings since 1979 run from -70 to 65."""
    first_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(18.0)), sigma=0.25))
    """Spread of new leaders. Many are hardly known, so no wider than that of all; within a factor of 1.6."""
    usual_premier: Distribution = field(default=pz.Normal(-18.0, 10.0))
    """Where prime ministers usually stand once the honeymoon is over: most were disliked on balance."""
    usual_other: Distribution = field(default=pz.Normal(-12.0, 10.0))
    """Where other leaders do."""
    honeymoon_leader: Distribution = field(default=pz.Normal(8.0, 8.0))
    """Credit on becoming a party's leader: strangers get the benefit of the doubt, by points in two figures at most."""
    honeymoon_office: Distribution = field(default=pz.Normal(15.0, 10.0))
    """On becoming prime minister: honeymoons are found in all series (Mueller 1970, doi 10.2307/1955610); Blair's was
    some 40 points, Sunak's none."""
    honeymoon_won: Distribution = field(default=pz.Normal(5.0, 8.0))
    """On winning an election: voters like winners. May gained nothing in 2017."""
    honeymoon_half_life: Distribution = field(default=pz.LogNormal(mu=float(np.log(240.0)), sigma=0.4))
    """Days: half is gone in four to eighteen months (95 %). Mueller's coalition of minorities takes years."""
    event_half_life: Distribution = field(default=pz.LogNormal(mu=float(np.log(120.0)), sigma=0.35))
    """Days until half of what an event did is gone: two to eight months. A judgement: rallies round the flag fade in
    months. A wider prior lets the sizes of events soak up a few weeks' noise of the ratings around them."""
    kind_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(4.0)), sigma=0.4))
    """Spread about zero of the mean size of a kind of event, of either sign: a poll's error is about as large. The
    record has 2 to 29 events a kind, so kinds are pooled."""
    event_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(6.0)), sigma=0.4))
    """How far one event differs from its kind: Lawson's going and Raab's were both resignations of ministers."""
    honeymoon_sd: Distribution = field(default=pz.LogNormal(mu=float(np.log(10.0)), sigma=0.4))
    """The same for honeymoons, which range from Blair's 40 points to none."""
