"""The optional group: the frameworks that are installed, asked now. `pytest -m frameworks`, where they are.

Other cases than the stored ones are compared, and the stored ones are what the frameworks still answer.
"""

import json
from importlib.util import find_spec

import pytest

from tests.engine.test_against_frameworks import explained
from tests.golden import case
from tests.golden.make import MAKERS, NODES, made

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

OTHER_SEED = 7_000_001
SHARE = 0.2  # of the counts of the golden files
NEEDS = {"jax": ("jax", "flax"), "keras": ("keras", "jax", "flax")}
NEEDS |= {NODES: ("onnx",), "onnxruntime": ("onnxruntime", "onnx")}


def installed(name):
    """Skips where a framework is missing; imports none, for Keras chooses its backend where it is first imported."""
    missing = [module for module in NEEDS.get(name, (name,)) if find_spec(module) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.mark.parametrize("name", list(MAKERS))
def test_other_cases_are_what_the_framework_answers_now(name):
    installed(name)
    cases = made(name, OTHER_SEED, SHARE)
    stored = {json.dumps(one) for one in case.read(name)}
    assert not explained(cases)
    assert len(cases) > 30
    assert sum(json.dumps(one) in stored for one in cases) < len(cases) / 10


def test_all_cells_of_the_node_tests_are_what_onnx_expects():
    installed(NODES)
    from tests.golden import from_onnx_nodes  # noqa: PLC0415 - imports ONNX

    cases = [one for one in from_onnx_nodes.cases(whole=True) if "left_out" not in one]
    assert not explained(cases)
    assert max(len(one["output"]) for one in cases) == 3 * 31**3


@pytest.mark.parametrize("name", [*MAKERS, NODES])
def test_the_golden_file_is_what_its_framework_answers_today(name):
    """Numbers and switches exactly, for whoever has the versions that tests.golden.make names."""
    installed(name)
    assert made(name) == case.read(name)
