"""Each command as a user runs it, from any folder."""

import json
import re

import pytest
from PIL import Image

from convanim import load_scene, record
from convanim.catalogue import built_in, built_in_stacks
from convanim.reading import carried_figure
from convanim.scene import parse_scene


def test_a_built_in_scene_is_rendered_by_name(convanim, tmp_path):
    run = convanim("render", "no_padding_strides_transposed", "-o", "x.gif")
    assert run.code == 0
    assert run.out == b""
    with Image.open(tmp_path / "x.gif") as image:
        assert image.n_frames == 25


def test_options_make_a_scene_and_say_what_is_written(convanim, tmp_path):
    run = convanim("render", "--input", "5x7", "--kernel", "2,3", "--padding", "[[0,1],[1,1]]", "--flip", "-o", "a.gif")
    scene = carried_figure(tmp_path / "a.gif")
    assert (scene.input, scene.kernel, scene.pads, scene.flip) == ((5, 7), (2, 3), ((0, 1), (1, 1)), True)
    assert run.err == [f"a.gif: {(tmp_path / 'a.gif').stat().st_size:,} bytes"]


def test_options_change_a_scene_file(convanim, tmp_path):
    (tmp_path / "mine.toml").write_text('input = 5\nkernel = 3\n[view]\ntheme = "dark"\n')
    assert convanim("render", "mine.toml", "--view", "numeric", "--stride", "2", "-q").err == []
    scene = carried_figure(tmp_path / "mine.gif")
    assert (scene.view.kind, scene.view.theme, scene.stride) == ("numeric", "dark", (2, 2))


def test_one_scene_is_written_to_many_files(convanim, tmp_path):
    assert convanim("render", "dilation", "-o", "a.gif", "-o", "b.png").code == 0
    assert carried_figure(tmp_path / "a.gif") == carried_figure(tmp_path / "b.png")


def test_many_scenes_go_into_a_folder(convanim, tmp_path):
    assert convanim("render", "dilation", "padding_strides", "-o", "out/").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["dilation.gif", "padding_strides.gif"]


def test_a_folder_holds_every_step_as_a_still(convanim, tmp_path):
    assert convanim("render", "padding_strides", "-o", "steps/", "--format", "png").code == 0
    assert sorted(path.name for path in (tmp_path / "steps").iterdir()) == [
        f"padding_strides-{step}.png" for step in range(1, 10)
    ]


def test_a_still_is_the_step_that_the_caption_counts(convanim, tmp_path):
    convanim("render", "padding_strides", "-o", "steps/", "--format", "png")
    convanim("render", "padding_strides", "--still", "4", "-o", "four.png")
    with Image.open(tmp_path / "four.png") as one, Image.open(tmp_path / "steps/padding_strides-4.png") as other:
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


def test_steps_choose_placements(convanim, tmp_path):
    for words, count in (("--steps 2:5", 3), ("--every 4", 3), ("--all", 9), ("--steps -1", 1), ("--steps 0:9:3", 3)):
        convanim("render", "padding_strides", *words.split(), "-o", "x.gif", "--force")
        with Image.open(tmp_path / "x.gif") as image:
            assert getattr(image, "n_frames", 1) == count


def test_standard_input_and_output(convanim, tmp_path):
    run = convanim("render", "-", "-o", "-", stdin="input = 4\nkernel = 3\n")
    assert run.code == 0
    assert run.err == []
    (tmp_path / "x.gif").write_bytes(run.out)
    assert carried_figure(tmp_path / "x.gif").input == (4, 4)
    run = convanim("render", "-", "-o", "-", "--format", "png", stdin='{"input": 4, "kernel": 3}')
    assert run.out.startswith(b"\x89PNG")


def test_of_more_steps_than_can_be_watched_some_are_shown_with_a_notice(convanim, tmp_path):
    run = convanim("render", "--input", "24", "--kernel", "3", "-o", "x.gif")
    assert run.code == 0
    assert any("one placement in 2 is shown, 242 of 484" in line for line in run.err)
    with Image.open(tmp_path / "x.gif") as image:
        assert image.n_frames == 242


def test_size_explains_itself(convanim):
    run = convanim("size", "--input", "6", "--kernel", "3", "--stride", "2", "--padding", "1")
    assert "⌊(6 + 2·1 − 3) / 2⌋ + 1 = 3" in run.text
    assert "remainder a = (i + 2p − k) mod s = 5 mod 2 = 1" in run.text
    assert "any input of 5 to 6 gives 3" in run.text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--input 6 --kernel 3 --stride 2 --padding 1", "under no placement: cell 7 of the padded input's 0 to 7"),
        ("--input 7 --kernel 2 --stride 5", "under no placement: cells 2, 3, 4 of the padded input's 0 to 6"),
        ("--input 7 --kernel 2 --stride 3", "under no placement: cells 2, 5, 6 of"),
        ("--input 7 --kernel 2 --dilation 2 --stride 2", "under no placement: cells 1, 3, 5 of"),
        ("--input 5 --kernel 3 --stride 2", "every cell of the padded input is under some placement"),
    ],
)
def test_size_says_which_cells_no_placement_sees(convanim, words, says):
    assert says in convanim("size", *words.split()).text


@pytest.mark.parametrize(
    ("words", "output", "inputs"),
    [
        ("--input 6 --kernel 3 --stride 2 --padding same", 3, None),
        ("--input 3 --kernel 3 --stride 3 --padding same --transposed", 9, None),
        ("--input 1 --kernel 1 --stride 3 --padding 1 --output-padding 2 --transposed", 1, (1, 1)),
        ("--input 2 --kernel 2 --stride 2 --dilation 4 --output-padding 3 --transposed", 10, None),
        ("--input 3 --kernel 3 --stride 2 --padding 1 --transposed", 5, (5, 6)),
        ("--input 7 --kernel 2 --stride 3", 2, (5, 7)),
    ],
)
def test_what_size_says_of_other_inputs_is_true(convanim, words, output, inputs):
    text = convanim("size", *words.split(), "--dimensions", "1").text
    assert f"output {output}\n" in text
    span = re.search(r"any input of (\d+) to (\d+)", text)
    assert (span and tuple(map(int, span.groups()))) == inputs


def test_size_says_padding_beyond_the_kernel_as_cropping(convanim):
    words = "size --input 3 --kernel 1 --padding 1 --transposed"
    text = convanim(*words.split()).text
    assert "its padding before: k − 1 − p = 1 − 1 − 1 = −1" in text
    assert "padding −1, kernel turned, over a canvas of 1×1" in text
    assert json.loads(convanim(*words.split(), "--json").out)["direct"]["canvas"] == [1, 1]


def test_size_needs_no_cells(convanim):
    assert "output 99999998×99999998" in convanim("size", "--input", "100000000", "--kernel", "3").text


def test_size_gives_the_equivalent_direct_convolution(convanim):
    run = convanim("size", "padding_strides_odd_transposed")
    assert "output 6×6" in run.text
    assert "(3 − 1)·2 + 3 − 2·1 + 1 = 6" in run.text
    assert "kernel turned, over a canvas of 8×8" in run.text


def test_size_as_json(convanim):
    direct = json.loads(convanim("size", "padding_strides_odd", "--json").out)
    assert (direct["output"], direct["remainder"], direct["placements"]) == ([3, 3], [1, 1], 9)
    transposed = json.loads(convanim("size", "padding_strides_odd_transposed", "--json").out)
    assert transposed["output"] == [6, 6]
    assert transposed["direct"]["padding"] == [[1, 2], [1, 2]]
    assert transposed["direct"]["canvas"] == [8, 8]


@pytest.mark.parametrize(
    "name", ["numerical_average_pooling", "no_padding_strides_transposed", "numerical_max_pooling"]
)
def test_record_prints_the_whole_computation(convanim, name):
    plain = json.loads(convanim("record", name).out)
    recording = record(load_scene(built_in()[name]))
    assert plain["output"] == recording.output.tolist()
    assert len(plain["placements"]) == len(recording)
    for line, placement in zip(plain["placements"], recording, strict=True):
        assert line["value"] == float(placement.value)
        assert [tap["product"] for tap in line["taps"]] == [tap.product for tap in placement.taps]
        assert [tap["source"] for tap in line["taps"]] == [tap.source and list(tap.source) for tap in placement.taps]
    for line, stamp in zip(plain.get("stamps", []), recording.stamps, strict=True):
        assert (line["input"], line["value"]) == (list(stamp.input), stamp.value)
        assert [tap["product"] for tap in line["taps"]] == [tap.product for tap in stamp.taps]


def test_record_keeps_fractions_exact(convanim):
    plain = json.loads(convanim("record", "numerical_average_pooling").out)
    assert plain["placements"][0]["fraction"] == "5/3"
    assert plain["placements"][0]["divisor"] == 9


def test_record_writes_a_file(convanim, tmp_path):
    assert convanim("record", "dilation", "-o", "x.json").code == 0
    assert json.loads((tmp_path / "x.json").read_text())["operation"] == "conv"
    assert convanim("record", "dilation", "-o", "x.json").code == 1


def test_list_names_all_built_in_scenes(convanim):
    scenes, stacks = convanim("list").text.split("\n\nstacks of layers:\n")
    assert [line.split()[0] for line in scenes.splitlines()] == list(built_in())
    assert [line.split()[0] for line in stacks.splitlines()] == list(built_in_stacks())
    rows = json.loads(convanim("list", "--json").out)
    assert [row["name"] for row in rows if row["kind"] == "scene"] == list(built_in())
    assert [row["name"] for row in rows if row["kind"] == "stack"] == list(built_in_stacks())


def test_show_prints_a_built_in_stack_and_a_checked_file(convanim, tmp_path):
    text = built_in_stacks()["dcgan_generator"].read_text()
    assert convanim("show", "dcgan_generator").text == text
    (tmp_path / "mine.toml").write_text(text)
    assert convanim("show", "mine.toml").text == text.removeprefix("#:schema ../scene.schema.json\n")
    (tmp_path / "wrong.toml").write_text("input = 4\n[[layers]]\nkernel = 9\n")
    assert convanim("show", "wrong.toml").code == 2


def test_a_stack_is_drawn_and_shown_again_from_its_figure(convanim, tmp_path):
    assert (
        convanim("render", "three_3x3", "-o", "a.gif", "--trace", "reaches", "--theme", "dark", "--step", "40").code
        == 0
    )
    shown = convanim("show", "a.gif").text
    assert 'trace = "reaches"' in shown
    assert "[[layers]]" in shown
    (tmp_path / "again.toml").write_text(shown)
    assert convanim("render", "again.toml", "-o", "b.gif").code == 0
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    assert convanim("render", "a.gif", "-o", "all/", "--format", "png").code == 0
    assert len(list((tmp_path / "all").iterdir())) == 81


SENTENCE = (
    "one output cell sees 2×2 cells of the stack's input; neighbours are 1/2 input cell apart; "
    "the first one's middle is at -1/4 (0 is the middle of the first input cell)"
)


def test_size_explains_a_stack_in_sentences(convanim):
    lines = convanim("size", "dcgan_generator").text.splitlines()
    assert lines[3:8] == [
        "1: transposed convolution, kernel 4×4, stride 2, padding 1, channels 1024 → 512",
        "   output 8×8, 512 channels",
        "   (4 − 1)·2 + 4 − 2·1 = 8",
        "   receptive field 2×2, effective stride 1/2, first middle -1/4",
        f"   {SENTENCE}",
    ]


MIXED = """
input = [12, 9]
[[layers]]
kernel = [3, 2]
stride = [2, 3]
padding = "same"
[[layers]]
op = "max_pool"
kernel = [2, 1]
stride = [3, 1]
[[layers]]
op = "max_unpool"
"""


def test_size_explains_the_axes_of_a_stack_by_name(convanim, tmp_path):
    (tmp_path / "mixed.toml").write_text(MIXED)
    first, second, third = convanim("size", "mixed.toml").text.split("\n\n")[1:]
    assert "padding same (0 top, 1 bottom, 0 left, 0 right)" in first
    assert "width: the floor drops the last cell of the padded input" in first
    assert "height: one output cell sees 3 cells of the stack's input; neighbours are 2 input cells apart" in first
    assert "height: receptive field 5, effective stride 6, first middle 2" in second
    assert third.startswith("3: max unpooling, window 2×1, stride 3×1, padding 0, undoes 2\n   output 6×3\n")
    assert "height: receptive field 5, effective stride 2, first middle 2" in third


def test_size_counts_the_holes_of_a_bed_of_nails(convanim, tmp_path):
    layers = '[[layers]]\nop = "upsample"\nscale_factor = 2\nmode = "bed-of-nails"\n[[layers]]\nkernel = 3\n'
    (tmp_path / "nails.toml").write_text(f"input = 12\n{layers}")
    nails, convolution = convanim("size", "nails.toml").text.split("\n\n")[1:]
    assert "one output cell sees 1×1 cell of the stack's input; neighbours are 1/2 input cell apart" in nails
    assert "receptive field 2×2, effective stride 1/2, first middle 1/2" in convolution


def test_size_gives_a_stack_to_programs_with_the_names_of_a_scene(convanim):
    plain = json.loads(convanim("size", "dcgan_generator", "--json").out)
    layer = plain["layers"][0]
    assert layer["operation"] == "transposed convolution"
    assert (layer["kernel"], layer["stride"], layer["padding"]) == ([4, 4], [2, 2], [[1, 1], [1, 1]])
    assert (layer["output"], layer["out_channels"]) == ([8, 8], 512)
    assert (layer["receptive_field"], layer["effective_stride"]) == ([2, 2], ["1/2", "1/2"])
    assert layer["first_middle"] == ["-1/4", "-1/4"]


def test_show_prints_a_scene_by_name_and_out_of_a_figure(convanim):
    assert parse_scene(convanim("show", "dilation").text) == load_scene(built_in()["dilation"])
    for suffix in ("gif", "png"):
        convanim("render", "dilation", "-o", f"x.{suffix}")
        assert parse_scene(convanim("show", f"x.{suffix}").text) == load_scene(built_in()["dilation"])


def test_what_show_prints_renders_the_same_bytes(convanim, tmp_path):
    convanim("render", "--input", "4x3", "--kernel", "2", "--padding", "same", "--theme", "dark", "-o", "one.gif")
    scene = convanim("show", "one.gif").text
    convanim("render", "-", "-o", "two.gif", stdin=scene)
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "two.gif").read_bytes()


def test_new_writes_a_scene_file_that_renders(convanim, tmp_path):
    assert convanim("new", "mine", "--input", "6", "--stride", "3").code == 0
    assert load_scene(tmp_path / "mine.toml").stride == (3, 3)
    assert convanim("render", "mine.toml").code == 0
    assert convanim("new", "mine").code == 1
    assert convanim("new", "mine", "--force").code == 0
    assert load_scene(tmp_path / "mine.toml").stride == (1, 1)


@pytest.mark.parametrize("words", ["", "--view numeric", "--padding 1 --timing", "--input-values ramp --hold 500"])
def test_all_that_new_hints_at_is_legal_where_it_stands(convanim, tmp_path, words):
    convanim("new", "mine", *words.replace("--timing", "--step 90").split())
    text = (tmp_path / "mine.toml").read_text()
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    assert sum(line.startswith("# ") for line in text.splitlines()) >= 4
    scene = parse_scene("\n".join(lines).replace("transposed = true\n", ""))
    assert scene.dilation == (2, 2)
    assert scene.view.kind == "numeric"


def test_schema_prints_json(convanim):
    assert json.loads(convanim("schema").out)["$defs"]["kernel"]


def test_gallery_renders_every_scene_and_a_page_and_leaves_what_took_a_figures_place(convanim, tmp_path):
    run = convanim("gallery")
    assert run.code == 0
    assert {path.stem for path in (tmp_path / "output").glob("*.gif")} == {*built_in(), *built_in_stacks()}
    assert len(built_in()) == len(list(built_in()["dilation"].parent.rglob("*.toml"))) - len(built_in_stacks())
    assert (tmp_path / "output/index.html").is_file()
    assert convanim("gallery").code == 0
    (tmp_path / "output/dilation.gif").write_bytes(b"mine")
    assert convanim("gallery").code == 1
    assert (tmp_path / "output/dilation.gif").read_bytes() == b"mine"


def test_gallery_of_a_folder_in_two_processes(convanim, tmp_path):
    (tmp_path / "mine").mkdir()
    for name in ("a", "b b"):
        (tmp_path / "mine" / f"{name}.toml").write_text("input = 3\nkernel = 2\n")
    assert convanim("gallery", "mine", "-o", "out", "--jobs", "2").code == 0
    page = (tmp_path / "out/index.html").read_text()
    assert "convanim render &#x27;mine/b b.toml&#x27; -o &#x27;b b.gif&#x27;" in page
    assert (tmp_path / "out/a.gif").read_bytes() != b""


def test_a_picture_goes_with_its_scene_from_file_to_figure_and_back(convanim, tmp_path):
    (tmp_path / "folder").mkdir()
    Image.linear_gradient("L").save(tmp_path / "folder/grey.png")
    (tmp_path / "folder/mine.toml").write_text('input = 9\nkernel = 3\n[values]\ninput = { image = "grey.png" }\n')
    assert convanim("render", "folder/mine.toml", "-o", "one.gif", "-o", "one.png").code == 0
    (tmp_path / "folder/grey.png").unlink()
    for source in ("one.gif", "one.png"):
        assert convanim("render", source, "-o", f"again_{source}.gif").code == 0
        assert (tmp_path / f"again_{source}.gif").read_bytes() == (tmp_path / "one.gif").read_bytes()
    (tmp_path / "folder/whole.toml").write_text(convanim("show", "one.gif").text)
    assert convanim("render", "folder/whole.toml", "-o", "whole.gif").code == 0
    assert (tmp_path / "whole.gif").read_bytes() == (tmp_path / "one.gif").read_bytes()


def test_a_figure_cut_short_carries_no_scene(convanim, tmp_path):
    convanim("render", "dilation", "-o", "x.png")
    (tmp_path / "x.png").write_bytes((tmp_path / "x.png").read_bytes()[:300])
    run = convanim("render", "x.png", "-o", "y.gif")
    assert run.code == 2
    assert run.err == ["convanim: x.png: file: carries no scene; legal are figures made by convanim"]
