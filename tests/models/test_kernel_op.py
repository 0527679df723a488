import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest

from models import kernel_op
from models.kalman import Floats, compiled
from models.kernel_op import log_likelihood
from models.leader_kernel import leader_likelihood
from models.modules import FOLDER
from models.poll_kernel import poll_likelihood


def one_unknown(given: Floats, slope: Floats) -> tuple[float, Floats]:
    return (given @ slope).sum(), given.sum(axis=0)


@compiled
def two_unknowns(given: Floats, slope: Floats, level: Floats) -> tuple[float, Floats, Floats]:
    return (given @ slope).sum() + (level**2).sum(), given.sum(axis=0), 2.0 * level


@pytest.mark.parametrize(("kernel", "unknowns"), [(one_unknown, 1), (two_unknowns, 2)])
def test_numba_and_python_agree_on_any_number_of_gradients(kernel: Callable[..., Any], unknowns: int) -> None:
    """A node compiled by Numba gives a kernel's value and gradients, also of a record that is not contiguous."""
    rng = np.random.default_rng(1)
    wide, points = rng.normal(size=(5, 8)), [rng.normal(size=4), rng.normal(size=3)][:unknowns]
    given, unknown = pt.dmatrix("given"), [pt.dvector() for _ in points]
    value = log_likelihood(kernel, 1, given[:, ::2], *unknown)
    outputs = [value, *pytensor.grad(3.0 * value, unknown)]
    by_numba, by_python = (
        pytensor.function([given, *unknown], outputs, mode=mode)(wide, *points) for mode in ("NUMBA", "FAST_COMPILE")
    )
    expected = kernel(np.ascontiguousarray(wide[:, ::2]), *points)
    for found in (by_numba, by_python):
        np.testing.assert_allclose(found[0], expected[0])
        for got, want in zip(found[1:], expected[1:], strict=True):
            np.testing.assert_allclose(got, 3.0 * want)


@pytest.mark.parametrize(
    ("kernel", "module", "matters"),
    [
        (poll_likelihood, "drift", True),
        (poll_likelihood, "houses", True),
        (poll_likelihood, "kalman", True),
        (leader_likelihood, "kalman", True),
        (leader_likelihood, "drift", False),
    ],
)
def test_changed_source_behind_a_kernel_is_compiled_anew(
    kernel: Callable[..., Any], module: str, matters: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What PyTensor keeps is not used once a module has changed that the kernel imports, and is if another has."""
    before = kernel_op._cache_key(kernel, "")
    for path in FOLDER.glob("*.py"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(kernel_op, "FOLDER", tmp_path)
    assert kernel_op._cache_key(kernel, "") == before
    with (tmp_path / f"{module}.py").open("a", encoding="utf-8") as file:
        file.write("X = 1\n")
    assert (kernel_op._cache_key(kernel, "") != before) == matters
