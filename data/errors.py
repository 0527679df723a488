"""The two kinds of failure a user can meet, each one clear sentence."""


class SelectorateError(Exception):
    """Base of all errors meant for the user's eyes. ``exit_code`` is what the command line returns."""

    exit_code = 1


class BadInput(SelectorateError):
    """What the user gave cannot be used: says what, where, the value seen, what is allowed and what to do."""

    exit_code = 2


class DamagedArtefact(SelectorateError):
    """A shipped table or stored forecast is missing, damaged or foreign: says which and how to mend it."""

    exit_code = 3
