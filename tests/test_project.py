"""The house: imports run one way, sources are clean, the README and the committed figures are true."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from convanim import load_figure, load_scene, load_stack
from convanim.catalogue import built_in, built_in_stacks
from convanim.rendering import render_to
from convanim.scene.fields import SECTIONS, TOP

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "convanim"

# what each part may import, besides itself
MAY_IMPORT = {
    "errors": set(),
    "arithmetic": set(),
    "notation": set(),
    "language": set(),
    "showing": set(),
    "notebook": {"drawing", "errors", "formats"},
    "scene": {"errors", "arithmetic", "showing", "language", "notation", "theme_table", "view_table"},
    "engine": {"errors", "arithmetic", "scene", "showing"},
    "timings": set(),
    "view_table": set(),
    "theme_table": set(),
    "draw": {"errors", "notation", "theme_table", "timings"},
    "formats": {"errors", "draw", "language", "timings"},
    "views": {"errors", "language", "notation", "scene", "engine", "draw", "timings", "view_table"},
    "widget": {"errors", "explore", "formats", "scene"},
    "embedding": {"draw", "drawing", "errors", "formats", "reading"},
    "explore": {"catalogue", "draw", "drawing", "engine", "errors", "formats", "headings", "scene", "view_table"},
    "writing": set(),
    "reading": {"errors", "scene", "formats"},
    "catalogue": {"scene"},
    "selection": {"errors", "scene"},
    "drawing": {"", "errors", "scene", "engine", "draw", "views", "view_table", "formats", "selection", "timings"},
    "rendering": {"errors", "scene", "engine", "draw", "drawing", "formats", "timings", "writing"},
    "batch": {"errors", "scene", "engine", "drawing", "formats", "reading", "rendering", "writing"},
    "headings": {"catalogue", "scene"},
    "site": {"batch", "drawing", "errors", "formats", "scene", "headings", "writing"},
    "gallery": {"batch", "errors", "headings", "scene", "reading", "rendering", "writing"},
    "cli": {
        "",
        "errors",
        "arithmetic",
        "batch",
        "scene",
        "engine",
        "formats",
        "catalogue",
        "drawing",
        "embedding",
        "explore",
        "reading",
        "rendering",
        "selection",
        "gallery",
        "site",
        "timings",
        "writing",
    },
    "__main__": {"cli"},
    "": {"widget", "batch", "notebook", "showing", "errors", "scene", "engine", "rendering"},
}
HEAVY = {"matplotlib", "imageio", "pydantic"}
ALLOWED_THIRD_PARTY = {
    "click": {"cli"},
    "distributed": {"cli.batches"},
    "fontTools": {"formats"},
    "numpy": {"engine", "draw", "formats", "views.planes"},
    "av": {"formats.video"},
    "anywidget": {"widget"},
    "traitlets": {"widget"},
    "starlette": {"explore.app", "explore.guard"},
    "uvicorn": {"cli.explore_command"},
    "pptx": {"formats"},
    "reportlab": {"formats.pdf_sheet"},
    "PIL": {"draw", "formats", "reading", "scene.pictures"},
}


def part_of(module):
    """`convanim.draw.theme` -> `draw`, `convanim` -> ``."""
    names = module.split(".")
    return names[1] if len(names) > 1 else ""


def imports():
    for path in sorted(PACKAGE.rglob("*.py")):
        names = path.relative_to(ROOT).with_suffix("").parts
        module = ".".join(names[:-1] if names[-1] == "__init__" else names)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield module, alias.name
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: relative import"
                if node.module == "convanim":
                    for alias in node.names:
                        inner = (PACKAGE / alias.name).is_dir() or (PACKAGE / f"{alias.name}.py").is_file()
                        yield module, f"convanim.{alias.name}" if inner else "convanim"
                else:
                    yield module, node.module


def test_imports_run_one_way():
    seen = 0
    for module, imported in imports():
        if imported.split(".")[0] != "convanim":
            continue
        seen += 1
        here, there = part_of(module), part_of(imported)
        assert here in MAY_IMPORT, f"{module} is in no known part"
        assert there == here or there in MAY_IMPORT[here], f"{module} imports {imported}"
    assert seen > 60


def test_each_library_is_imported_only_where_it_belongs():
    for module, imported in imports():
        name = imported.split(".")[0]
        assert name not in HEAVY, f"{module} imports {imported}"
        if name in ALLOWED_THIRD_PARTY:
            here = {part_of(module), module.removeprefix("convanim.")}
            assert here & ALLOWED_THIRD_PARTY[name], f"{module} imports {imported}"
        else:
            assert name in {"convanim", "__future__"} | set(sys.stdlib_module_names), f"{module} imports {imported}"


def test_views_and_formats_are_one_file_and_one_line_each():
    from convanim.formats import DECKS, FORMATS  # noqa: PLC0415 - a table of the product, looked at here alone
    from convanim.view_table import VIEWS  # noqa: PLC0415

    for row in (*VIEWS.values(), *FORMATS.values(), *DECKS.values()):
        assert (ROOT / f"{row.module.replace('.', '/')}.py").is_file()


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join
)
def test_sources_are_clean(command):
    run = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def committed_figures():
    readme = (ROOT / "README.md").read_text()
    return sorted(set(re.findall(r"\(output/([\w/]+)\.gif\)", readme)))


def test_the_readme_opens_with_a_figure():
    assert "no_padding_strides_transposed" in committed_figures()
    assert len(committed_figures()) >= 2


@pytest.mark.parametrize("name", committed_figures())
def test_a_figure_that_the_readme_shows_is_not_stale(name, tmp_path):
    path = tmp_path / "fresh.gif"
    with path.open("wb") as stream:
        render_to(load_scene(built_in()[name]), stream, "gif")
    committed = ROOT / "output" / f"{name}.gif"
    assert committed.read_bytes() == path.read_bytes(), f"render {name} -o output/{name}.gif --force"


def readme_commands():
    return re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_the_first_two_commands_of_the_readme_are_one_line_each():
    gallery, tests = readme_commands()[:2]
    assert gallery == "python -m pip install . && convanim gallery\n"
    assert tests == "python -m pip install -e '.[test]' && python -m pytest\n"


def test_the_commands_that_the_readme_shows_run(convanim_in, tmp_path):
    (tmp_path / "mine.toml").write_text(re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1])
    lines = [line for block in readme_commands()[2:] for line in block.splitlines()]
    assert len(lines) >= 5
    for line in lines:
        assert line.startswith("convanim ")
        convanim_in(tmp_path, f"{line} --force")


def test_what_the_readme_says_size_prints_is_what_it_prints(convanim_in, tmp_path):
    block = re.search(r"```console\n\$ (convanim size .*?)\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert convanim_in(tmp_path, block[1]) == block[2]


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "three.toml").write_text(built_in_stacks()["three_3x3"].read_text())
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    names = {}
    exec(code, names)  # noqa: S102 - the README's own lines
    assert names["placement"].output == (0, 3)
    assert names["placement"].taps[0].source is None
    assert (tmp_path / "figure.gif").is_file()


@pytest.fixture
def convanim_in():
    def run(folder, line):
        done = subprocess.run(
            line.replace("convanim", f"{sys.executable} -m convanim", 1),
            shell=True,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_documentation_names_every_field_as_the_table_does():
    text = (ROOT / "docs/scenes.md").read_text()
    for table in (TOP, *SECTIONS.values()):
        for field in table:
            assert f"| `{field.name}` | {field.help} |" in text


def test_the_files_in_the_documentation_are_what_they_say(convanim_in, tmp_path):
    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/scenes.md").read_text(), re.DOTALL)
    theme, text, beside = blocks
    (tmp_path / "own.toml").write_text("input = 4\nkernel = 3\n" + theme)
    assert load_scene(tmp_path / "own.toml").view.theme.base == "light"
    (tmp_path / "stack.toml").write_text(text)
    (tmp_path / "beside.toml").write_text(beside)
    assert [scene.title for scene in load_figure(tmp_path / "beside.toml").scenes] == ["stride 1", "stride 2"]
    assert load_stack(tmp_path / "stack.toml").output == (24, 32)
    assert "2 input cells apart" in convanim_in(tmp_path, "convanim size stack.toml")


def test_the_scene_files_are_as_short_as_they_can_be():
    """A scene file shows what a user must write, so it says nothing that is the default anyway."""
    from convanim.scene import scene_to_dict  # noqa: PLC0415 - looked at here alone
    from convanim.scene.files import parse_mapping  # noqa: PLC0415

    for path in built_in().values():
        written = parse_mapping(path.read_text())
        if "scenes" in written:  # what they share stands once in the file, and in each scene when it is written again
            continue
        said = scene_to_dict(load_scene(path))
        for name, value in written.get("values", {}).items():
            if "image" in value:  # the file names a picture, the scene holds it
                assert said["values"][name]["image"].startswith("data:")
                said["values"][name] = value
        assert written == said


def test_nothing_of_any_machine_is_in_the_sources():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in tracked:
        if Path(name).suffix in {".py", ".md", ".toml", ".html"} and name != "tests/test_project.py":
            text = (ROOT / name).read_text()
            for path in ("/home/", "/root/", "/work/", "/" + "tmp/"):
                assert path not in text, f"{name} names {path}"
