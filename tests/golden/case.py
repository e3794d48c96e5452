"""What a golden case is, how one is made from a framework's answer, and how the files are written and read.

A case is a mapping: `framework`; `call`, the framework's call for people to read; `scene`, the mapping for
Scene.from_dict; `seed` and `arrays`, the shapes of the arrays that tests.golden.data makes of the seed (or `given`, the
arrays themselves); `shape` and `output`, the answer with its channels, flat; `switches` of a max pooling, flat;
`precision`, how far the framework's own rounding may lie from the exact answer, in units of the largest number.
Of a large output that is not ours to choose only the cells that `sampled` names are stored.
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
LARGE = 200  # outputs that a framework's own tests have and that are stored as a sample
IN_FLOAT32 = 1e-6


def answered(
    framework, call, scene, arrays, output, *, seed=None, given=None, switches=None, precision=None, picked=None
):
    """A case with an answer; None if it is larger than what is worth its place."""
    output = np.asarray(output)
    whole = bool(np.all(output == np.rint(output))) and np.abs(output).max(initial=0) < 2**53
    if seed is not None and not 0 < output.size <= (LARGEST_OUTPUT if whole else LARGEST_FRACTIONS):
        return None
    case = {"framework": framework, "call": call, "scene": scene}
    case |= {"seed": seed, "arrays": {name: list(map(int, shape)) for name, shape in arrays.items()}} if arrays else {}
    case |= {"given": given} if given else {}
    numbers = output.ravel() if picked is None else output.ravel()[picked]
    case |= {"shape": list(output.shape), "output": [plain_number(x, output.dtype, whole=whole) for x in numbers]}
    case |= {} if switches is None else {"switches": [int(x) for x in np.asarray(switches).ravel()]}
    return case | ({} if precision is None else {"precision": precision})


def plain_number(number, kind, *, whole):
    """A Python number; of a float32 the fewest digits that say it."""
    if whole:
        return int(number)
    return float(str(number)) if kind == np.float32 else float(number)


def sampled(shape):
    """The flat indexes of the cells at both ends and in the middle of each spatial axis, in all channels."""
    channels, *size = shape
    axes = [sorted({0, 1, n // 2, n - 2, n - 1} & set(range(n))) for n in size]
    return np.ravel_multi_index(np.meshgrid(range(channels), *axes, indexing="ij"), shape).ravel()


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


def gathered(draws, seed, share=1, *, after=lambda: None):
    """The cases of all `draws`, each with its count, in this order; `share` of them where less will do."""
    found = []
    for place, (draw, count) in enumerate(draws.items()):
        found += collected(max(1, round(share * count)), seed + 10_000 * place, draw)
        after()
    return found


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
