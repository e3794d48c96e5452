"""Random scenes of the whole family from a seed, and how a script that was written for one is run."""

from __future__ import annotations

from convanim import Scene, SceneError
from convanim.scene.fields import OPERATIONS

_WAYS = ("as it is", "as it is", "corners", "half-pixel", "asymmetric", "pytorch-half-pixel", "half-pixel-symmetric")
_ROUNDINGS = ("floor", "ceil", "round-prefer-floor", "round-prefer-ceil")
_NAMES = ("valid", "full", "same", "same-lower", "same-keras", "same-jax", "same-onnx")


def run(code):
    """The `y` that a script ends with."""
    names = {}
    exec(compile(code, "script", "exec"), names)  # noqa: S102 - what is tested
    return names["y"]


def random_scene(random):
    """A scene that can be computed, with whole numbers in its arrays."""
    while True:
        try:
            scene = Scene(**_fields(random))
        except SceneError:
            continue
        if scene.placements * scene.out_channels <= 200:
            return scene


def _fields(random):
    axes, op = random.randint(1, 3), random.choice(OPERATIONS)

    def each(low, high):
        return [random.randint(low, high) for _ in range(axes)]

    fields = {"op": op, "input": each(1, 6 if axes < 3 else 3)}
    fields["values"] = {"input": {"random": [-5, 9], "seed": random.randint(0, 99)}}
    if op == "upsample":
        return fields | _resampled(random, axes, each)
    fields["kernel"] = each(1, 3)
    if op == "max_unpool":
        return fields | {"padding": [random.randint(0, length // 2) for length in fields["kernel"]], "in_channels": 2}
    transposed = op == "conv_input_grad" or (op == "conv" and random.random() < 0.5)
    fields["stride"] = each(1, 3)
    fields["dilation"] = each(1, 2) if random.random() < 0.5 else 1
    fields["padding"] = random.choice(
        [
            [[random.randint(0, 2), random.randint(0, 2)] for _ in range(axes)],
            each(0, 2),
            random.choice([*_NAMES, *(("valid-jax", "valid-keras") if transposed else ("same-torch", "causal"))]),
        ]
    )
    if op in {"max_pool", "avg_pool"}:
        return fields | _pooled(random, op)
    return fields | _convolved(random, op, fields, transposed, each)


def _pooled(random, op):
    fields = {"ceil_mode": random.random() < 0.4, "in_channels": random.randint(1, 3)}
    if op == "avg_pool":
        fields["count_include_pad"] = random.random() < 0.5
        fields["divisor_override"] = random.choice([None, None, None, 1, 5])
    return fields


def _convolved(random, op, fields, transposed, each):
    groups = random.choice([1, 1, 2])
    more = {name: groups * random.randint(1, 2) for name in ("in_channels", "out_channels")} | {"groups": groups}
    more["values"] = fields["values"] | {"kernel": {"random": [-4, 4], "seed": random.randint(0, 99)}}
    if op == "conv":
        more["transposed"] = transposed
    if op != "conv_kernel_grad":
        more["flip"] = random.random() < 0.4
    if not transposed:
        return more | {"padding_mode": random.choice(["zeros", "zeros", "reflect", "replicate", "circular"])}
    way = random.choice(["neither", "output_padding", "output_size"])
    if way == "output_padding":
        more[way] = each(0, 2)
    elif way == "output_size":
        more[way] = each(1, 14)
    return more


def _resampled(random, axes, each):
    mode = random.choice(["nearest", "nearest-exact", "linear", "bed-of-nails"])
    fields = {"mode": mode, "in_channels": random.randint(1, 2)}
    if mode == "bed-of-nails":
        return fields | {"scale_factor": each(1, 3)}
    if random.random() < 0.5:
        fields["output_size"] = each(1, 8)
    else:
        fields["scale_factor"] = [random.choice([1, 2, 3, 0.5, 1.5, 2.25, 1 / 3, 0.7]) for _ in range(axes)]
    way = random.choice(_WAYS)
    if way == "corners":
        fields["align_corners"] = True
    elif way != "as it is":
        fields["coordinates"] = way
    if mode != "linear" and random.random() < 0.4:
        fields["rounding"] = random.choice(_ROUNDINGS)
    return fields
