"""A compiled likelihood with its gradient as one node of a PyTensor graph, which keeps compile time low."""

import inspect
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import numba
import numpy as np
import pytensor.tensor as pt
from numba.extending import is_jitted
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.link.numba.cache import compile_numba_function_src
from pytensor.link.numba.dispatch.basic import register_funcify_and_cache_key
from pytensor.tensor.variable import TensorVariable

from models.modules import FOLDER, behind


class KernelOp(Op):  # type: ignore[misc]
    """A function in Numba's subset of Python, compiled or not, that gives a log likelihood and its gradients.

    Parameters
    ----------
    kernel : callable
        Takes arrays, the record first, none of them a single number; returns the log likelihood and an array of
        gradients for each other input.
    n_fixed : int
        Inputs that are the record: no gradient is ever asked for them.
    """

    __props__ = ("kernel", "n_fixed")

    def __init__(self, kernel: Callable[..., Any], n_fixed: int) -> None:
        self.kernel, self.n_fixed = kernel, n_fixed

    def make_node(self, *inputs: Any) -> Apply:
        """Build the node.

        Parameters
        ----------
        *inputs : tensor
            As the kernel takes them.

        Returns
        -------
        Apply
            Node whose outputs are the log likelihood and its gradients.
        """
        tensors = [pt.as_tensor(value) for value in inputs]
        return Apply(self, tensors, [pt.dscalar(), *(tensor.type() for tensor in tensors[self.n_fixed :])])

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: list[list[Any]]) -> None:
        """Evaluate outside Numba.

        Parameters
        ----------
        node : Apply
            Node being evaluated.
        inputs : sequence of ndarray
            Values of the inputs.
        outputs : list of one-element lists
            Receives the values.
        """
        values = self.kernel(*(np.ascontiguousarray(value) for value in inputs))
        for storage, value in zip(outputs, values, strict=True):
            storage[0] = np.asarray(value)

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Tell which outputs depend, for gradients, on which inputs.

        Parameters
        ----------
        node : Apply
            The node.

        Returns
        -------
        list of list of bool
            For each input, for each output.
        """
        return [[i >= self.n_fixed and o == 0 for o in range(len(node.outputs))] for i in range(len(node.inputs))]

    def pullback(
        self, inputs: Sequence[Variable], outputs: Sequence[Variable], cotangents: Sequence[Variable]
    ) -> list[Variable]:
        """Turn the gradient of the log likelihood into gradients of the inputs.

        Parameters
        ----------
        inputs, outputs : sequence of tensors
            Of the node.
        cotangents : sequence of tensors
            Gradient with respect to each output; only the first is used.

        Returns
        -------
        list of tensors
            Gradient with respect to each input; disconnected for the record.
        """
        return [
            *(DisconnectedType()() for _ in inputs[: self.n_fixed]),
            *(cotangents[0] * gradient for gradient in outputs[1:]),
        ]


@register_funcify_and_cache_key(KernelOp)  # type: ignore[untyped-decorator]
def _compile_for_numba(op: KernelOp, node: Apply, **kwargs: Any) -> tuple[Any, str]:
    kernel = op.kernel if is_jitted(op.kernel) else numba.njit(error_model="numpy")(op.kernel)
    names = [f"x{i}" for i in range(len(node.inputs))]
    # Numba cannot map over arrays of several types, so each is named; it compiles quicker code if they are contiguous.
    given = ", ".join(f"np.ascontiguousarray({name})" for name in names)
    source = f"""
def likelihood({", ".join(names)}):
    found = kernel({given})
    return np.asarray(found[0]), *found[1:]
"""
    likelihood = compile_numba_function_src(source, "likelihood", {"np": np, "kernel": kernel})
    return numba.njit(likelihood), _cache_key(op.kernel, source)


def _cache_key(kernel: Callable[..., Any], source: str) -> str:
    """What PyTensor keeps the compiled node under: another one once any source behind the kernel has changed."""
    name = kernel.__module__
    behind_it = [
        (FOLDER / f"{module}.py").read_text("utf-8") for module in sorted(behind(name.removeprefix("models.")))
    ]
    own = inspect.getsource(inspect.getmodule(kernel) or kernel)  # a kernel need not be one of ours
    return sha256("\n".join([source, name, kernel.__qualname__, own, *behind_it]).encode()).hexdigest()


def log_likelihood(kernel: Callable[..., Any], n_fixed: int, *inputs: Any) -> TensorVariable:
    """Log likelihood as a tensor.

    Parameters
    ----------
    kernel : callable
        As ``KernelOp`` takes it.
    n_fixed : int
        Inputs that are the record.
    *inputs : array or tensor
        As the kernel takes them.

    Returns
    -------
    TensorVariable
        Scalar.
    """
    return KernelOp(kernel, n_fixed)(*inputs)[0]
