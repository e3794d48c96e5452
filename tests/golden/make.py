"""Writes the golden files anew: `python -m tests.golden.make [torch ...]`, where the frameworks are installed.

PyTorch 2.13, JAX 0.10 with Flax 0.12, ONNX 1.23, onnxruntime 1.32, TensorFlow 2.21, Keras 3.15, SciPy 1.17, NumPy 2.4.
"""

import sys
from importlib import import_module

from tests.golden import case

MAKERS = {
    "torch": ("from_torch", "cases"),
    "jax": ("from_jax", "cases"),
    "onnx": ("from_onnx", "cases"),
    "onnxruntime": ("from_onnx", "runtime_cases"),
    "tensorflow": ("from_tensorflow", "cases"),
    "keras": ("from_keras", "cases"),
    "scipy": ("from_scipy", "cases"),
}
NODES = "onnx-nodes"


def made(name, seed=case.SEED, share=1):
    """The cases of one golden file; imports its framework."""
    if name == NODES:
        return import_module("tests.golden.from_onnx_nodes").cases()
    module, function = MAKERS[name]
    return getattr(import_module(f"tests.golden.{module}"), function)(seed, share)


if __name__ == "__main__":
    for name in sys.argv[1:] or [*MAKERS, NODES]:
        case.write(name, made(name))
