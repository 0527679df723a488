"""Priors written down exactly. PreliZ prints three digits, for eyes: two priors that print alike need not be alike."""

import numpy as np
from preliz.distributions.distributions import Distribution


def prior_text(prior: Distribution | float) -> str:
    """Write a prior down with every digit, as the call that makes it.

    Parameters
    ----------
    prior : Distribution or float
        A distribution of PreliZ with all its parameters, or a number held fixed.

    Returns
    -------
    str
        Two priors have the same text only if they are the same.

    Examples
    --------
    >>> import preliz as pz
    >>> prior_text(pz.Truncated(pz.Normal(0.0, 0.41835), lower=0.0))
    'Truncated(Normal(mu=0.0, sigma=0.41835), lower=0.0, upper=inf)'
    """
    if not isinstance(prior, Distribution):
        return repr(prior)
    inner = getattr(prior, "dist", None)  # of what is truncated, censored or mixed
    parts = inner if isinstance(inner, list) else [inner] if inner is not None else []
    within = sum(len(part.params) for part in parts)
    own = zip(prior.param_names[within:], prior.params[within:], strict=True)
    words = [*map(prior_text, parts), *(f"{name}={np.asarray(value, dtype=float).tolist()!r}" for name, value in own)]
    return f"{type(prior).__name__}({', '.join(words)})"
