"""A compiled likelihood with its gradient as one node of a PyTensor graph, which keeps compile time low."""

import inspect
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key
from pytensor.tensor.variable import TensorVariable


class KernelOp(Op):  # type: ignore[misc]
    """A function compiled with Numba that gives a log likelihood and its gradients.

    Parameters
    ----------
    kernel : callable
        Takes arrays, the record first; returns the log likelihood and an array of gradients for each other input.
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


@register_funcify_default_op_cache_key(KernelOp)  # type: ignore[untyped-decorator]
def _compile_for_numba(op: KernelOp, node: Apply | None = None, **kwargs: Any) -> tuple[Any, int]:
    # PyTensor keeps compiled operations on disk: the stamp makes it notice that the kernel's source has changed.
    stamp = zlib.crc32(inspect.getsource(inspect.getmodule(op.kernel) or op.kernel).encode())
    kernel = op.kernel

    @numba.njit
    def likelihood(*inputs):  # type: ignore[no-untyped-def]
        found = kernel(*inputs)
        return np.asarray(found[0]), *found[1:]

    return likelihood, stamp


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
