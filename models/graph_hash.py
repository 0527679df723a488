"""One hash of a model: of every number that stands in its graph, and of what is done with them."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.basic import Constant
from pytensor.graph.traversal import ancestors

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Where something lies in memory, as Python prints it: another place in every process."""


def model_fingerprint(model: pm.Model) -> str:
    """Hash a model: its operations, and the numbers they are done with, be it data, priors or constants.

    Parameters
    ----------
    model : pm.Model
        A model.

    Returns
    -------
    str
        16 hexadecimal digits; the same for the same graph on the same data and priors, in any process. What is written
        inside an operation of one's own, in Python, is not seen.
    """
    digest = hashlib.sha256()
    values = [model.rvs_to_values[variable] for variable in model.observed_RVs]
    _feed(digest, [*model.basic_RVs, *values, *model.potentials, *model.deterministics])
    return digest.hexdigest()[:16]


def _feed(digest: Any, outputs: Sequence[Any]) -> None:
    """Add a graph to a digest, each variable with its place in it."""
    place = {variable: number for number, variable in enumerate(ancestors(outputs))}
    for variable in place:
        node = variable.owner
        if isinstance(variable, Constant):
            digest.update(_number(variable.data))
        elif isinstance(variable, SharedVariable):
            digest.update(_number(variable.get_value()))
        elif node is not None:
            inputs = [place[given] for given in node.inputs]
            told = f"{variable.name}={_ADDRESS.sub('', str(node.op))}{inputs}[{node.outputs.index(variable)}];"
            digest.update(told.encode())
            inside = getattr(node.op, "fgraph", None)
            if inside is not None:
                _feed(digest, inside.outputs)


def _number(value: Any) -> bytes:
    """Bytes of an array; of anything else its kind, but for slices, which say what is taken."""
    if isinstance(value, np.ndarray | np.generic):
        return f"{value.dtype}{value.shape}".encode() + value.tobytes()
    return (repr(value) if isinstance(value, slice) else type(value).__name__).encode()
