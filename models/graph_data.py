"""What a model is given: a record's arrays as data of the model being built, so that its graph and its fit show them.

Indexes and marks stay as they are: which cell belongs to whom is the shape of the model.
"""

from dataclasses import replace
from typing import Any

import pymc as pm


def as_data[Record](record: Record, dims: str | tuple[str, ...], *names: str) -> Record:
    """Put ``pm.Data`` in the place of some arrays of a record.

    Parameters
    ----------
    record : dataclass
        What a builder is called with.
    dims : str or tuple of str
        Dimensions of the arrays; the first one comes before each name, as in ``cell_net``.
    *names : str
        Fields, without missing values.

    Returns
    -------
    dataclass
        The same record, with tensors in these fields.
    """
    first = dims if isinstance(dims, str) else dims[0]
    held: Any = record
    data = {name: pm.Data(f"{first}_{name}", getattr(held, name), dims=dims) for name in names}
    return replace(held, **data)  # type: ignore[no-any-return]
