"""Manners: one clear line for what is wrong, the right exit code, nothing lost or half written, nothing imported early."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

CONVANIM = [sys.executable, "-m", "convanim"]

# words, exit code, what the one line says
WRONG = [
    ("render --input 5 --kernel 3 --stride 0", 2, "stride: got 0; legal is"),
    ("render 05b_two_ways --still 26", 2, "--still: got 26; legal is 1 to 25"),
    (
        "render 05b_two_ways --steps 25:30",
        2,
        'scenes[1].timing.steps: got "25:30"; legal is a part of the 25 placements',
    ),
    ("render 05b_two_ways --symbols", 2, "scenes[1].view.symbols: got true; but gather draws nothing of it"),
    (
        "render dilation --overlaps",
        2,
        'view.overlaps: got true; but isometric draws nothing of it; leave it out, or kind = "scatter"',
    ),
    ("render --input 5 --kernel 9", 2, "kernel: got 9; but it spans 9 cells"),
    ("render --input 5", 2, "kernel: missing"),
    ("render --input five --kernel 3", 2, "input: got 'five'"),
    ("render", 2, "name a scene"),
    ("render dilation -o x.gif -v -q", 2, "--verbose and --quiet contradict each other"),
    ("render dilatoin", 2, "did you mean dilation?"),
    ("render nothing.toml", 2, "no such scene file"),
    ("render .", 2, "is a directory"),
    ("render bad.toml", 2, "bad.toml: file: "),
    ("render wrong.toml", 2, "wrong.toml: strid: not a field of a scene; did you mean stride?"),
    ("render binary.toml", 2, "UTF-8"),
    ("render dilation -o x.tiff", 2, "legal are gif, svg"),
    ("render dilation -o x", 2, "legal are gif, svg"),
    ("render dilation padding_strides -o x.gif", 2, "x.gif would hold dilation and padding_strides"),
    ("render dilation --format tiff", 2, "tiff"),
    ("render dilation --still 10", 2, "--still: got 10; legal is 1 to 9"),
    ("render dilation --steps 9:", 2, "legal is a part of the 9 placements"),
    ("render dilation --theme pink", 2, "view.theme: got 'pink'; legal is light, dark, print, colorblind or plain"),
    ("render dilation --speed 3", 2, "No such option"),
    ("render --input 1000000 --kernel 3", 2, "cannot draw 1,999,996,000,004 cells"),
    ("record --input 1000000 --kernel 3 --all", 2, "1,000,000,000,000 cells"),
    ("code --input 100000 --kernel 3", 2, "100000×100000 makes 10,000,000,000 cells; legal are 16,777,216 at most"),
    ("render --input 5x² --kernel 3", 2, "input: got '5x²'"),
    ("render --input 100 --kernel 3 --view numeric", 2, "isometric can"),
    ("render dilation --scale 8 --cell 200", 2, "use a smaller cell or scale"),
    ("render dilation -o taken.gif", 1, "taken.gif is there already; --force overwrites it"),
    ("render dilation -o taken.gif/x.gif", 1, "taken.gif/x.gif: "),
    ("render dilation dilation -o out/", 2, "out/dilation.gif would hold dilation, twice"),
    ("render dilation -o a.gif -o ./a.gif", 2, "would hold dilation, twice"),
    ("render dilation folder/dilation.toml -o out/ -f", 2, "would hold dilation, twice"),
    ("render dilation -o a.gif -o b.jpg", 2, "legal are gif, svg"),
    ("render dilation -o a.gif --format png", 2, "contradict"),
    ("render dilation --steps 1: --every 2", 2, "--steps and --every contradict"),
    ("render dilation --still 2 --all", 2, "--all and --still contradict"),
    ("render dilation --view numeric --cell 12", 2, "view.cell: got 12"),
    ("render --input 4 --kernel 2 --input-values [[1,.5],[1,2]]", 2, "values.input: got '[[1,.5],[1,2]]'"),
    (f"size {'a' * 5000}", 2, "a…: file name too long; legal is a scene file or a built-in scene's name"),
    (f"render {'a' * 5000}.toml", 2, "a…: file name too long; legal is a scene file or a built-in scene's name"),
    ("render dilation --scale 8 --cell 200 -o new/folder/x.gif -o new/y.png", 2, "use a smaller cell or scale"),
    (f"render dilation -o new/folder/{'a' * 300}.gif", 1, "file name too long"),
    ("render twice.json", 2, "kernel is there twice"),
    ("record --input 300 --kernel 100", 2, "--all prints them"),
    ("new .", 2, "is no name"),
    ("new /", 2, "is no name"),
    ("gallery twins", 2, "would both make a.gif"),
    ("rendr", 2, "did you mean render?"),
    ("size --input 5 --kernel 3 --output-padding 1", 2, "only a transposed convolution has it"),
    ("record bad.toml", 2, "line 2"),
    ("show nothing", 2, "no built-in scene"),
    ("show foreign.png", 2, "carries no scene"),
    ("show broken.gif", 2, "carries no scene"),
    ("gallery empty", 2, "holds no scene files"),
    ("gallery nowhere", 2, "nowhere"),
    ("gallery folder", 2, "strid"),
    ("new mine --kernel 0", 2, "kernel: got 0"),
    ("size --op upsample --input 3 --scale-factor 1e300", 2, "legal is a number from 0.000000001 to 1,000,000,000"),
    ("size --op max_pool --input 5 --kernel 2 --padding-mode reflect", 2, 'or op = "conv" or "conv_kernel_grad"'),
    ("size --op conv_input_grad --input 5 --kernel 2 --padding-mode reflect", 2, "padding_mode: got 'reflect'"),
    ("size --input 5 --kernel 3 --output-size 5", 2, "of convolutions only a transposed one has it"),
    ("size --op conv_kernel_grad --input 5 --kernel 3 --output-size 5", 2, "output_size: got 5; but conv_kernel_grad"),
    ("size --op conv_kernel_grad --input 5 --kernel 3 --transposed", 2, "transposed: got true; but conv_kernel_grad"),
    ("size --op max_unpool --input 1 --kernel 7 --stride 1 --output-size 4", 2, "output_size: got 4; but legal is 7"),
    ("size --input 5 --kernel 3 --padding [1,2,3]", 2, "padding: got [1, 2, 3]; the scene has 2 axes"),
    ("size --input 5 --kernel 3 --op upsample --scale-factor 2", 2, "kernel: got 3; but upsample"),
    ("code dcgan_generator", 2, "a stack of layers; legal is one layer here"),
    ("record dcgan_generator", 2, "a stack of layers; legal is one layer here"),
    ("render three_3x3 --stride 2", 2, "three_3x3: stride: not a field of a stack; known are title"),
    ("render three_3x3 --view numeric", 2, "view.kind: means nothing of a stack; known are trace"),
    ("render three_3x3 --still 10", 2, "--still: got 10; legal is 1 to 9"),
    ("render dilation --trace sees", 2, "dilation: view.trace: not a field of a scene"),
    (f"render dilation --still {10**30}", 2, f"--still: got {10**30}; legal is 1 to 9"),
    ("render --input 1 --kernel 1 --still 2", 2, "--still: got 2; legal is 1"),
    ("render dilation --steps 1:3 --all", 2, "--steps start:stop:step says start, stop and step together"),
    ("size list.json", 2, "list.json: file: got a list; legal is an object"),
    ("size one.json", 2, "one.json: file: got a number; legal is an object"),
    ("size null.json", 2, "null.json: file: got null; legal is an object"),
    ("size digits.toml", 2, "digits.toml: file: a number of very many digits; legal is"),
    (f"size --kernel 3x{'9' * 5000} --input 5", 2, "kernel: got '3x999"),
    ("size again.toml", 2, "again.toml: file: Cannot declare values twice"),
    ("size date.toml", 2, "kernel: got 2020-01-01; legal is"),
    ("size flags.toml", 2, "kernel: got [true, 2]; legal is"),
    ("size nothing.json", 2, "kernel: got [null, 2]; legal is"),
    ("size unnamed.toml", 2, 'unnamed.toml: "": not a field of a scene'),
]

WRONG_FILES = {
    "list.json": "[]",
    "one.json": "1",
    "null.json": "null",
    "digits.toml": f"input = {'9' * 5000}",
    "again.toml": "[values]\n[values]\n",
    "date.toml": "input = 5\nkernel = 2020-01-01\n",
    "flags.toml": "input = 5\nkernel = [true, 2]\n",
    "nothing.json": '{"input": 5, "kernel": [null, 2]}',
    "unnamed.toml": 'input = 5\nkernel = 3\n"" = 1\n',
}

ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(tmp_path):
    from PIL import Image  # noqa: PLC0415 - the only test here that needs it

    (tmp_path / "bad.toml").write_text("input = 5\nkernel = = 3\n")
    (tmp_path / "wrong.toml").write_text("input = 5\nkernel = 3\nstrid = 2\n")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "taken.gif").write_bytes(b"mine")
    (tmp_path / "broken.gif").write_bytes(b"GIF89a")
    (tmp_path / "twice.json").write_text('{"input": 4, "kernel": 2, "kernel": 3}')
    for name, text in WRONG_FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "twins/b").mkdir(parents=True)
    for name in ("twins/a.toml", "twins/b/a.json"):
        (tmp_path / name).touch()
    Image.new("RGB", (2, 2)).save(tmp_path / "foreign.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/dilation.toml").write_text("input = 7\nkernel = 3\n")
    (tmp_path / "folder/wrong.toml").write_text("input = 5\nkernel = 3\nstrid = 2\n")
    return {path.relative_to(tmp_path) for path in tmp_path.rglob("*")}


@pytest.mark.parametrize(("words", "code", "says"), WRONG, ids=[row[0][:80] for row in WRONG])
def test_what_is_wrong_is_one_clear_line_and_nothing_is_written(convanim, files, tmp_path, words, code, says):
    run = convanim(*words.split())
    assert run.code == code
    assert run.out == b""
    assert len(run.err) == 1
    assert run.err[0].startswith("convanim: ")
    assert says in run.err[0]
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*")} == files
    assert (tmp_path / "taken.gif").read_bytes() == b"mine"


def test_all_problems_of_a_file_come_at_once(convanim, tmp_path):
    (tmp_path / "x.toml").write_text('input = 0\nkernel = 3\nstrid = 2\n[view]\nkind = "iso"\n')
    run = convanim("render", "x.toml")
    assert [line.split(": ")[2] for line in run.err] == ["input", "strid", "view.kind"]


def test_a_gallery_says_what_is_wrong_with_all_its_files(convanim, tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / f"in/{name}.toml").write_text("input = 4\nkernel = 0\n")
    run = convanim("gallery", "in")
    assert run.code == 2
    assert [line.split(": ")[1] for line in run.err] == ["in/a.toml", "in/b.toml"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_gallery_names_the_scene_that_cannot_be_drawn(convanim, tmp_path, jobs):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/large.toml").write_text('input = 200\nkernel = 3\n[view]\nkind = "numeric"\n')
    (tmp_path / "in/ok.toml").write_text("input = 4\nkernel = 3\n")
    run = convanim("gallery", "in", "--jobs", jobs)
    assert run.code == 2
    (line,) = [line for line in run.err if line.startswith("convanim: large: view.kind")]
    assert "isometric can" in line


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_gallery_says_notices_once_and_by_name(convanim, tmp_path, jobs):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/long.toml").write_text("input = [500]\nkernel = 1\n")
    (tmp_path / "in/ok.toml").write_text("input = 4\nkernel = 3\n")
    run = convanim("gallery", "in", "--jobs", jobs)
    assert run.code == 0
    assert [line for line in run.err if "one placement in" in line] == [run.err[0]]
    assert run.err[0].startswith("convanim: long: one placement in 2 is shown, 250 of 500")
    assert len(convanim("gallery", "in", "--quiet").err) == 0


def test_a_figure_can_be_rendered_again_as_another(convanim):
    convanim("render", "dilation", "-o", "x.gif")
    assert convanim("render", "x.gif", "--theme", "dark", "-o", "y.png").code == 0
    assert convanim("show", "y.png").text.endswith('[view]\ntheme = "dark"\n')


def test_a_scene_may_come_through_a_pipe_by_name(convanim, tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    with ThreadPoolExecutor(1) as pool:
        pool.submit((tmp_path / "pipe.toml").write_text, "input = 3\nkernel = 2\n")
        assert convanim("render", "pipe.toml", "-o", "x.gif").code == 0


def test_a_byte_order_mark_may_lead_a_file(convanim, tmp_path):
    (tmp_path / "x.toml").write_bytes(b"\xef\xbb\xbfinput = 3\nkernel = 2\n")
    assert convanim("render", "x.toml").code == 0


@pytest.mark.parametrize("values", ["{ random = [0, 1], seed = 3 }", '{"random": [0, 1], "seed": 3}'])
def test_values_are_written_as_in_toml_or_json(convanim, values):
    assert convanim("render", "--input", "3", "--kernel", "2", "--input-values", values, "-o", "x.gif").code == 0
    assert "input = { random = [0, 1], seed = 3 }" in convanim("show", "x.gif").text


def test_text_that_is_no_unicode_is_refused(convanim):
    run = convanim("render", "--input", "3", "--kernel", "2", "--title", "bad\udcff")
    assert run.code == 2
    assert run.err[0].startswith("convanim: title: ")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("render dilation -o - >&-", "standard output is closed"),
        ("render - <&-", "standard input is closed"),
        ("record dilation >&-", "standard output is closed"),
        ("size dilation >/dev/full", "convanim: standard output: no space left on device"),
        ("record dilation >/dev/full", "convanim: standard output: no space left on device"),
        ("render dilation -o - >/dev/full", "convanim: standard output: no space left on device"),
        ("record dilation -o /dev/full", "convanim: /dev/full: no space left on device"),
        ("render - -o x.gif </dev/zero", "longer than"),
        ("show /dev/zero", "longer than"),
    ],
)
def test_closed_and_endless_files_are_said_so(tmp_path, line, says):
    run = subprocess.run(
        f"{sys.executable} -m convanim {line}", shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode in {1, 2}
    assert says in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_force_overwrites(convanim, tmp_path):
    (tmp_path / "x.gif").write_bytes(b"mine")
    assert convanim("render", "dilation", "-o", "x.gif", "--force").code == 0
    assert (tmp_path / "x.gif").read_bytes().startswith(b"GIF89a")


def test_a_written_file_has_the_permissions_that_any_file_has(convanim, tmp_path):
    (tmp_path / "plain").touch()
    convanim("render", "dilation", "-o", "x.gif")
    assert (tmp_path / "x.gif").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_overwritten_keeps_its_permissions(convanim, tmp_path):
    (tmp_path / "x.gif").touch(mode=0o600)
    convanim("render", "dilation", "-o", "x.gif", "--force")
    assert (tmp_path / "x.gif").stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(convanim, tmp_path):
    (tmp_path / "real.gif").write_bytes(b"old")
    (tmp_path / "link.gif").symlink_to("real.gif")
    assert convanim("render", "dilation", "-o", "link.gif", "--force").code == 0
    assert (tmp_path / "link.gif").is_symlink()
    assert (tmp_path / "real.gif").read_bytes().startswith(b"GIF89a")


def test_gallery_leaves_files_that_are_not_its_own(convanim, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/dilation.gif").write_bytes(b"mine")
    run = convanim("gallery", "-o", "out")
    assert run.code == 1
    assert "out/dilation.gif is there already" in run.err[0]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["dilation.gif"]
    (tmp_path / "out/dilation.gif").unlink()
    (tmp_path / "out/index.html").write_text("<p>my page")
    assert convanim("gallery", "-o", "out").code == 1
    assert (tmp_path / "out/index.html").read_text() == "<p>my page"


def test_gallery_leaves_a_figure_of_another_scene(convanim, tmp_path):
    convanim("render", "--input", "4", "--kernel", "2", "-o", "out/dilation.gif")
    before = (tmp_path / "out/dilation.gif").read_bytes()
    assert convanim("gallery", "-o", "out").code == 1
    assert (tmp_path / "out/dilation.gif").read_bytes() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_kill_during_a_write_leaves_no_broken_file(tmp_path, number):
    words = ["render", "--input", "40", "--kernel", "3", "--all", "-o", "x.gif", "--force"]
    (tmp_path / "x.gif").write_bytes(b"the old one")
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests may ignore Ctrl-C
    process = subprocess.Popen([*CONVANIM, *words], cwd=tmp_path, stderr=subprocess.DEVNULL, preexec_fn=heed)
    deadline = time.monotonic() + 30
    while not any(path.stat().st_size > 50_000 for path in tmp_path.glob(".x.gif.*")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(number)
    process.wait(30)
    assert process.returncode != 0
    assert (tmp_path / "x.gif").read_bytes() == b"the old one"
    left = [path.name for path in tmp_path.iterdir() if path.name != "x.gif"]
    assert left == [] or (number == signal.SIGKILL and all(name.endswith(".part") for name in left))


def imported(*words):
    """The modules that a run of the command line imports, from Python's own account of it."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "convanim", *words], capture_output=True, text=True, check=True
    )
    return {line.rsplit("|", 1)[1].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["render", "--help"], ["schema"], ["list"]])
def test_what_needs_no_numbers_imports_no_numpy(words):
    modules = imported(*words)
    assert "click" in modules
    assert not modules & {"numpy", "matplotlib", "pydantic", "PIL", "imageio"}


def test_shell_completion_imports_no_numpy_and_knows_scenes():
    environment = os.environ | {
        "_CONVANIM_COMPLETE": "bash_complete",
        "COMP_WORDS": "convanim render dil",
        "COMP_CWORD": "2",
    }
    code = "import sys; sys.argv = ['convanim']\ntry:\n    from convanim.cli import main; main()\nfinally:\n    print(sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    first, modules = run.stdout.splitlines()[0], run.stdout
    assert first == "plain,dilation"
    assert "'numpy'" not in modules


def test_a_figure_is_rendered_without_matplotlib(tmp_path):
    modules = imported("render", "dilation", "-o", str(tmp_path / "x.gif"))
    assert not {name for name in modules if name.split(".")[0] in {"matplotlib", "pydantic", "imageio"}}


def test_the_version_is_the_packages():
    from importlib.metadata import version  # noqa: PLC0415 - the only test here that needs it

    run = subprocess.run([*CONVANIM, "--version"], capture_output=True, text=True, check=True)
    assert run.stdout == f"convanim, version {version('convanim')}\n"


def test_a_pipe_that_closes_early_makes_no_traceback():
    run = subprocess.run(
        f"{sys.executable} -m convanim record no_padding_strides_transposed | head -c 10",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == '{\n"scene":'
    assert "Traceback" not in run.stderr


def test_refusing_an_absurd_scene_takes_no_memory():
    """The refusal comes before any array is made: the process stays as small as one that makes a small figure."""
    words = ["--input", "1000000", "--kernel", "3"]
    for command in ("render", "record", "code"):
        peak = [sys.executable, "-m", "tests.benchmarks.peak", command, *words]
        run = subprocess.run(peak, cwd=ROOT, capture_output=True, text=True, check=False)
        assert run.returncode == 2
        assert float(run.stdout) < 100


def test_verbose_says_what_the_time_went_into(convanim):
    run = convanim("render", "--input", "4", "--kernel", "3", "-o", "x.gif", "-v")
    assert (run.code, run.out) == (0, b"")
    rows = [line.split() for line in run.err[1:]]
    assert [" ".join(row[:-2]) for row in rows] == [
        *("start-up", "scene", "imports", "record", "layout", "raster", "encode"),
        "in all",
    ]
    spent = [float(row[-2]) for row in rows]
    assert spent[-1] == pytest.approx(sum(spent[:-1]), abs=0.5)


def test_an_empty_name_is_no_file(convanim, tmp_path):
    run = convanim("render", "dilation", "-o", "")
    assert run.code == 2
    assert run.err == ["convanim: -o got an empty name; legal is a file, a folder that ends in /, or -"]
    assert convanim("record", "dilation", "-o", "").err == ["convanim: -o got an empty name; legal is a file, or -"]
    assert list(tmp_path.iterdir()) == []
