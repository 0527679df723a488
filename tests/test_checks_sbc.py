import pytest
from pytensor.graph.traversal import graph_inputs

from benchmarks.checks_rows import MAIN
from benchmarks.checks_sbc import subjects


@pytest.mark.parametrize("name", MAIN)
def test_data_can_be_made_up_anew(name: str) -> None:
    """The likelihood of each model to be calibrated reads the data that are changed, so that it need not be rebuilt."""
    subject = subjects()[name]()
    assert subject.told
    assert set(subject.told.values()) <= {variable.name for variable in graph_inputs([subject.model.logp()])}
