"""The cells of kernels in the player: each is the weight that is written in it, and leads to what `record()` makes with that."""

import random
import re

import numpy as np
import pytest

from convanim import Comparison, Scene, record, render, storyboard
from tests.pages import browser, opened

__all__ = ["browser"]
KERNELS = """step => { const f = document.querySelector('conv-anim'); f.pause();
    return f.data.grids.flatMap(({ name, columns, shape, start }, number) => (/kernel|given/.test(name) ? [...start] : []).map((_, cell) => {
        f.show(step); f.pin(number, cell);
        const own = [f.marked.map((one) => [one.grid, one.index]), f.said]; f.pin(null);
        return [[name, shape.length === 2 ? [Math.floor(cell / columns), cell % columns] : [cell]], ...own]; })); }"""
DISTINCT = {"kernel": "ramp", "input": {"random": [1, 3], "seed": 3}}


def kernels(page, step):
    """What each cell of a kernel marks at a step, and what is said of it."""
    found = page.evaluate(KERNELS, step)
    return {(grid, tuple(at)): ({(one, tuple(i)) for one, i in marks}, said) for (grid, at), marks, said in found}


def written(board, step):
    """The weight that is written in each cell of a kernel, at a step; a kernel has each number once."""
    texts = [
        *board.texts,
        *(text for each in board.steps[: step + 1] for text in each.lasting),
        *board.steps[step].passing,
    ]
    held = {}
    for text in texts:
        cell = getattr(text, "cell", None)
        if cell and re.search("kernel|given", cell[0]) and text.role == "value":
            grid = board.grid(cell[0])
            at = divmod(cell[1], grid.columns) if len(grid.shape) == 2 else (cell[1],)
            held[cell[0], at] = int(text.text)
    return held


def uses(scene):
    """The cells that each weight makes, by the record alone."""
    found = {}
    if scene.view.kind == "scatter":
        for stamp in record(scene).stamps:
            for tap in stamp.taps:
                cells = found.setdefault(tap.weight, set())
                if tap.output is not None:
                    cells.add(("output", tuple(tap.whole)))
        return found
    for one in record(scene):
        name = f"output {one.channel + 1}" if scene.view.kind == "channels" else "output"
        for tap in one.taps:
            made = found.setdefault(tap.weight, set())
            if scene.view.kind != "matrix":
                made.add((name, one.output))
            elif tap.source is not None:
                made |= {(name, one.output), ("y", (int(np.ravel_multi_index(one.output, scene.output)), 0))}
    return found


def fields(rng):
    """A random scene's fields; some are refused."""
    axes = rng.choice([1, 2])
    kind = rng.choice(["gather", "scatter", "matrix", "line", "channels", "channels"])
    axes = 1 if kind == "line" else axes
    scene = {
        "input": [rng.randint(2, 5) for _ in range(axes)],
        "kernel": [rng.randint(1, 3) for _ in range(axes)],
        "stride": [rng.randint(1, 2) for _ in range(axes)],
        "dilation": rng.choice([1, 1, 2]),
        "padding": rng.choice([0, 1, 1]),
        "op": rng.choice(["conv", "conv", "conv", "conv_input_grad", "conv_kernel_grad"]),
    }
    if scene["op"] == "conv":
        scene |= {"flip": rng.random() < 0.4, "transposed": kind == "scatter" or rng.random() < 0.4}
        if not scene["transposed"]:
            scene["padding_mode"] = rng.choice(["zeros", "circular", "reflect"])
    if kind == "channels":
        groups = rng.choice([1, 1, 2])
        scene |= {
            "groups": groups,
            "in_channels": groups * rng.choice([1, 2]),
            "out_channels": groups * rng.choice([1, 2]),
        }
    return scene | {"values": DISTINCT, "view": {"kind": kind}}


def drawable(count):
    """So many random scenes, the same in every run."""
    rng, scenes = random.Random(7), []
    while len(scenes) < count:
        try:
            scene = Scene(**fields(rng))
            board = storyboard(scene)
        except ValueError:
            continue
        if len(board.steps) > 1 and any(re.search("kernel|given", grid.name) for grid in board.grids):
            scenes.append(scene)
    return scenes


SCENES = drawable(60)


def test_the_random_scenes_are_of_all_kinds():
    seen = {(scene.view.kind, scene.op, scene.transposed) for scene in SCENES}
    assert {kind for kind, *_ in seen} == {"gather", "scatter", "matrix", "line", "channels"}
    for kind in ("gather", "line", "channels"):
        assert {op for one, op, _ in seen if one == kind} == {"conv", "conv_input_grad", "conv_kernel_grad"}
        assert (kind, "conv", True) in seen
    assert any(scene.groups > 1 and scene.out_channels > scene.groups for scene in SCENES)
    assert any(scene.view.kind == "line" and scene.dilation[0] > 1 and scene.kernel[0] > 1 for scene in SCENES)
    assert any("given" in {grid.name for grid in storyboard(scene).grids} for scene in SCENES)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.view.kind}-{scene.op}")
def test_a_kernels_cell_leads_to_what_the_weight_in_it_makes(browser, tmp_path, scene):
    board, makes, kernel = storyboard(scene), uses(scene), record(scene).kernel
    with opened(browser, render(scene, tmp_path / "x.html")[0]) as page:
        for step in (0, len(board.steps) // 2, len(board.steps) - 1):
            held, found = written(board, step), kernels(page, step)
            assert held.keys() <= found.keys()
            assert held
            for cell, (marks, said) in found.items():
                if cell not in held:
                    assert (marks, said) == (set(), ""), cell
                    continue
                made = makes.get(held[cell], set())
                assert marks == {cell} | made, (step, cell)
                check(said, scene, kernel, held[cell], len([one for one in made if one[0] != "y"]))


def check(said, scene, kernel, weight, count):
    """A weight's place in the kernel, its filter, and of how many cells it is said to be part."""
    ((*lead, at),) = (split(index, scene.dimensions) for index in np.argwhere(kernel == weight).tolist())
    name, place, of = re.fullmatch(r"(.+) \(([\d, ]+)\) is used by (.+)", said).groups()
    assert place == ", ".join(map(str, at))
    if scene.op == "conv_kernel_grad":
        number = f", plane {lead[0] + 1}" if scene.view.kind == "channels" else ""
        assert name == f"output's gradient{number}"
    elif scene.view.kind == "channels":
        filters, groups = scene.out_channels, scene.groups
        one, other = lead
        number, channel = (other + one // (scene.in_channels // groups) * (filters // groups), one)
        if not scene.transposed:
            number, channel = one, other + one // (filters // groups) * (scene.in_channels // groups)
        assert name == f"kernel of channel {channel + 1}" + (f", filter {number + 1}" if filters > 1 else "")
    else:
        assert name == "kernel"
    made = {"conv_kernel_grad": "kernel's gradient", "conv_input_grad": "input's gradient"}.get(scene.op)
    many = "" if count == 1 else "s"
    if made:
        assert of == (f"{count} cell{many} of the {made}" if count else f"no cell of the {made}")
    else:
        assert of == (f"{count} output{many}" if count else "no output")


def split(index, axes):
    return *index[:-axes], tuple(index[-axes:])


def test_what_was_shown_when_a_kernel_was_pointed_at_stays(browser, tmp_path):
    """A cell of an output shows its own step; the kernel that lies there is the one that is then pointed at."""
    scene = Scene([6], 3, dilation=2, values=DISTINCT, padding=2, view={"kind": "line"})
    with opened(browser, render(scene, tmp_path / "x.html")[0]) as page:
        page.evaluate(
            "() => { window.f = document.querySelector('conv-anim'); f.pause(); f.show(0); f.pin('output', 3); }"
        )
        page.evaluate("f.pin('kernel', 7)")
        assert page.evaluate("f.said") == "kernel (2) is used by 6 outputs"
        assert page.evaluate("f.marked.filter(({ grid }) => grid === 'kernel')") == [{"grid": "kernel", "index": [7]}]
        page.evaluate("f.pin(null)")
        page.evaluate("f.pin('kernel', 7)")
        assert page.evaluate("f.said") == "", "at the first step nothing lies there"
        page.evaluate("f.pin('kernel', 2)")
        assert page.evaluate("f.said") == "kernel (1) is used by 6 outputs"


def test_the_keyboard_goes_past_cells_without_a_weight(browser, tmp_path):
    scene = Scene([7], 3, dilation=2, values=DISTINCT, view={"kind": "line"})
    with opened(browser, render(scene, tmp_path / "x.html")[0]) as page:
        page.evaluate("() => { window.f = document.querySelector('conv-anim'); f.pause(); f.show(1); }")
        page.focus("conv-anim")
        heard = []
        for key in ("Enter", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowRight"):
            page.keyboard.press(key)
            heard.append([page.evaluate("f.said").split(" is ")[0], page.evaluate("f.marked[0]")])
        assert [said for said, _ in heard[1:]] == ["kernel (1)", "kernel (0)", heard[3][0], heard[4][0]]
        assert heard[2][1] == {"grid": "kernel", "index": [1]}
        assert all(mark["grid"] != "kernel" or mark["index"][0] in (1, 3, 5) for _, mark in heard)


def test_sides_of_a_comparison_have_their_own_kernels(browser, tmp_path):
    scenes = [{"input": 3, "values": DISTINCT}, {"input": 4, "values": DISTINCT}]
    figure = Comparison(scenes, kernel=2, view={"kind": "gather"})
    with opened(browser, render(figure, tmp_path / "x.html")[0]) as page:
        found = kernels(page, 0)
    for side, scene in enumerate((Scene(3, 2), Scene(4, 2)), start=1):
        outputs = {(f"{side}.output", one.output) for one in record(scene)}
        assert found[f"{side}.kernel", (0, 1)] == (
            {(f"{side}.kernel", (0, 1))} | outputs,
            f"kernel (0, 1) is used by {len(outputs)} outputs",
        )


def test_a_weight_in_the_figures_language(browser, tmp_path):
    line = Scene([4], op="upsample", scale_factor=2, mode="linear", view={"kind": "line", "language": "zh"})
    planes = Scene(3, 2, in_channels=2, out_channels=2, view={"kind": "channels", "language": "zh"})
    expected = {"kernel": "权重 (0) 用于 1 个输出", "kernel 2": "滤波器 2 中通道 2 的卷积核 (0, 0) 用于 4 个输出"}
    for scene, (grid, said) in zip((line, planes), expected.items(), strict=True):
        with opened(browser, render(scene, tmp_path / f"{grid}.html")[0]) as page:
            found = kernels(page, 7)
            assert said in {each for (name, _), (_, each) in found.items() if name == grid}


def test_a_share_is_of_one_cell_alone(browser, tmp_path):
    scene = Scene([4], op="upsample", scale_factor=2, mode="linear", view={"kind": "line"})
    with opened(browser, render(scene, tmp_path / "x.html")[0]) as page:
        for step in (0, 3, 7):
            found = kernels(page, step)
            lit = {("kernel", tap.canvas) for tap in record(scene)[step].taps if tap.weight}
            assert {cell for cell, (marks, _) in found.items() if marks} == lit
            for cell in lit:
                assert found[cell][0] == {cell, ("output", (step,))}
                assert found[cell][1].startswith("share (")
                assert found[cell][1].endswith(" is used by 1 output")
