"""What a golden case is, how one is made from a framework's answer, and how the files are written and read.

A case is a mapping: `framework`; `call`, the framework's call for people to read; `scene`, the mapping for
Scene.from_dict; `seed` and `arrays`, the shapes of the arrays that tests.golden.data makes of the seed (or `given`, the
arrays themselves); `shape` and `output`, the answer with its channels, flat; `switches` of a max pooling, flat;
`precision`, how far the framework's own rounding may lie from the exact answer, in units of the largest number.
A case that has no answer says in `refused` which fields the error may name.
"""

import json
import lzma
from pathlib import Path

import numpy as np

from tests.golden import data

FOLDER = Path(__file__).with_name("cases")
SEED = 20260725
LARGEST_OUTPUT = 100
LARGEST_FRACTIONS = 24  # of the outputs that are no whole numbers, which take more room


def answered(framework, call, scene, arrays, output, *, seed=None, given=None, switches=None, precision=None):
    """A case with an answer; None if it is larger than what is worth its place."""
    output = np.asarray(output)
    whole = bool(np.all(output == np.rint(output))) and np.abs(output).max(initial=0) < 2**53
    if not 0 < output.size <= (LARGEST_OUTPUT if whole else LARGEST_FRACTIONS):
        return None
    case = {"framework": framework, "call": call, "scene": scene}
    case |= {"seed": seed, "arrays": {name: list(map(int, shape)) for name, shape in arrays.items()}} if arrays else {}
    case |= {"given": given} if given else {}
    case |= {"shape": list(output.shape), "output": [int(x) if whole else float(x) for x in output.ravel()]}
    case |= {} if switches is None else {"switches": [int(x) for x in np.asarray(switches).ravel()]}
    return case | ({} if precision is None else {"precision": precision})


def refused(framework, call, scene, fields, *, arrays=None, seed=None, given=None):
    """A case that the framework and convanim refuse (or that leaves the framework with nothing)."""
    case = {"framework": framework, "call": call, "scene": scene, "refused": list(fields)}
    case |= {"seed": seed, "arrays": {name: list(shape) for name, shape in arrays.items()}} if arrays else {}
    return case | ({"given": given} if given else {})


def collected(count, seed, draw):
    """`count` different cases of those that draw(decisions, seed) makes; it gives None where it drew nothing possible."""
    cases = {}
    tries = 0
    while len(cases) < count:
        tries += 1
        if tries > 60 * count:
            message = f"{draw} found {len(cases)} cases of {count}"
            raise RuntimeError(message)
        case = draw(data.Decisions(seed + tries), (seed + tries) % 2**20)
        if case is not None:
            cases.setdefault(json.dumps([case["call"], case["scene"]]), case)
    return list(cases.values())


def written_call(name, arrays, **options):
    """The call as text: `torch.nn.functional.conv2d(x, w, stride=(2, 1))`."""
    parts = [arrays, *(f"{option}={value!r}" for option, value in options.items() if value is not None)]
    return f"{name}({', '.join(part for part in parts if part)})"


def as_bytes(cases):
    """The file's content: one line a case, the same bytes for the same cases."""
    lines = [json.dumps(case, separators=(",", ":")) for case in cases]
    text = "[\n" + ",\n".join(lines) + "\n]\n"
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


def write(name, cases):
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json.xz").write_bytes(as_bytes(cases))


def read(name):
    return json.loads(lzma.decompress((FOLDER / f"{name}.json.xz").read_bytes()))
