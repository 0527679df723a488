"""The polls likelihood as a PyTensor operation with its own gradient, for PyMC and nutpie."""

import inspect
import zlib
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key
from pytensor.tensor.variable import TensorVariable

from models import drift as drift_kernel
from models import houses, kalman, poll_kernel

_FIXED = 9  # evidence and start of the walk: no gradient is ever asked for them


class PollLikelihood(Op):  # type: ignore[misc]
    """`models.poll_kernel.poll_likelihood` as one node of the graph, which keeps compile time low."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply:
        """Build the node.

        Parameters
        ----------
        *inputs : tensor
            As `models.poll_kernel.poll_likelihood` takes them.

        Returns
        -------
        Apply
            Node whose outputs are the log likelihood and its gradients.
        """
        tensors = [pt.as_tensor(value) for value in inputs]
        outputs = [pt.dscalar(), *(tensor.type() for tensor in tensors[_FIXED:])]
        return Apply(self, tensors, outputs)

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
        values = poll_kernel.poll_likelihood(*(np.ascontiguousarray(value) for value in inputs))
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
        return [[i >= _FIXED and o == 0 for o in range(len(node.outputs))] for i in range(len(node.inputs))]

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
            Gradient with respect to each input; disconnected for the evidence.
        """
        return [
            *(DisconnectedType()() for _ in inputs[:_FIXED]),
            *(cotangents[0] * gradient for gradient in outputs[1:]),
        ]


@register_funcify_default_op_cache_key(PollLikelihood)  # type: ignore[untyped-decorator]
def _compile_for_numba(op: PollLikelihood, node: Apply | None = None, **kwargs: Any) -> tuple[Any, int]:
    # PyTensor keeps compiled operations on disk: the stamp makes it notice that the kernels' source has changed.
    sources = (inspect.getsource(module).encode() for module in (drift_kernel, houses, kalman, poll_kernel))
    stamp = zlib.crc32(b"".join(sources))
    kernel = numba.njit(error_model="numpy")(poll_kernel.poll_likelihood)

    @numba.njit
    def likelihood(  # type: ignore[no-untyped-def]
        log_odds,
        variance,
        unhoused,
        pollster,
        time,
        step,
        start_mean,
        start_cov,
        centred,
        drift,
        alignment,
        noise_sd,
        house_sd,
        contrast,
        tail,
    ):
        value, g1, g2, g3, g4, g5, g6 = kernel(
            np.ascontiguousarray(log_odds),
            np.ascontiguousarray(variance),
            np.ascontiguousarray(unhoused),
            np.ascontiguousarray(pollster),
            np.ascontiguousarray(time),
            np.ascontiguousarray(step),
            np.ascontiguousarray(start_mean),
            np.ascontiguousarray(start_cov),
            np.ascontiguousarray(centred),
            np.ascontiguousarray(drift),
            np.ascontiguousarray(alignment),
            np.ascontiguousarray(noise_sd),
            np.ascontiguousarray(house_sd),
            np.ascontiguousarray(contrast),
            np.ascontiguousarray(tail),
        )
        return np.asarray(value), g1, g2, g3, g4, g5, g6

    return likelihood, stamp


def poll_log_likelihood(*inputs: Any) -> TensorVariable:
    """Log likelihood of the polls as a tensor.

    Parameters
    ----------
    *inputs : array or tensor
        As `models.poll_kernel.poll_likelihood` takes them.

    Returns
    -------
    TensorVariable
        Scalar.
    """
    return PollLikelihood()(*inputs)[0]
