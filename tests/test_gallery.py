"""The gallery's page: well formed, complete, safe whatever a title holds."""

from html.parser import HTMLParser

import pytest

from convanim import Scene, load_figure, load_scene, storyboard
from convanim.catalogue import built_in, built_in_stacks, scene_files
from convanim.gallery import page, write_gallery
from convanim.headings import HEADINGS, heading_of
from convanim.scene.fields import OPERATIONS

VOID = {"meta", "img", "source", "br", "link"}


class Page(HTMLParser):
    """Collects elements and checks that they close in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def scenes():
    return {name: load_figure(path) for name, path in built_in().items()}


def test_the_page_shows_all_figures_with_alternative_text_size_and_command(scenes):
    shown = Page(page(scenes, {}))
    images = {image["src"]: image for image in shown.all("img")}
    assert sorted(images) == sorted(f"{name}.gif" for name in scenes)
    text = "".join(shown.text)
    for name, scene in scenes.items():
        image = images[f"{name}.gif"]
        assert image["alt"] == storyboard(scene).alternative
        assert int(image["width"]) > 100
        assert int(image["height"]) > 100
        assert f"convanim render {name} -o {name}.gif" in text
        assert storyboard(scene).title in text


def test_the_page_is_grouped(scenes):
    text = "".join(Page(page(scenes, {})).text)
    shown = [heading for heading in HEADINGS if f"\n{heading}\n" in text]
    assert shown == [
        "A short course",
        "Convolution",
        "Transposed convolution",
        "Backward pass",
        "With numbers",
        "Pictures",
    ]
    places = [text.index(f"\n{heading}\n") for heading in shown]
    assert places == sorted(places)


def test_the_page_offers_a_still_to_those_who_want_no_motion(scenes):
    sources = Page(page(scenes, {})).all("source")
    assert len(sources) == len(scenes)
    assert {source["media"] for source in sources} == {"(prefers-reduced-motion: reduce)"}


def test_simple_scenes_come_first_and_groups_go_by_how_they_are_drawn():
    drawn = {
        "a_odd": Scene(3, 3, stride=2, transposed=True, output_padding=1),
        "b_even": Scene(3, 3, stride=2, transposed=True),
        "c_padded": Scene(5, 3, padding=1),
        "d_plain": Scene(5, 3),
        "e_pool": Scene(4, 2, op="max_pool"),
        "f_numbers": Scene(5, 3, transposed=True, view={"kind": "numeric"}),
    }
    shown = [image["src"][0] for image in Page(page(drawn, {})).all("img")]
    assert shown == ["d", "c", "b", "a", "e", "f"]


def test_titles_and_names_cannot_break_the_page():
    evil = "</h3><script>alert('$count & \"')</script>"
    shown = Page(page({'a"><b>': Scene(3, 2, title=evil, description=evil)}, {'a"><b>': "x; rm -rf $HOME"}))
    assert not shown.all("script")
    assert not shown.all("b")
    assert evil in "".join(shown.text)
    assert shown.all("img")[0]["alt"] == evil
    assert "convanim render 'x; rm -rf $HOME'" in "".join(shown.text)


def test_file_names_are_encoded_in_links():
    shown = Page(page({"50% off?q=1#h a": Scene(3, 2)}, {}))
    assert shown.all("img")[0]["src"] == "50%25%20off%3Fq%3D1%23h%20a.gif"
    assert shown.all("source")[0]["srcset"] == "50%25%20off%3Fq%3D1%23h%20a.png"


def test_a_page_of_nothing_but_one_group_has_no_empty_headings():
    text = page({"a": Scene(3, 2)}, {})
    assert text.count("<h2>") == 1


def test_a_gallery_is_made_again_over_its_own_figures(tmp_path):
    write_gallery({"a": Scene(3, 2)}, tmp_path)
    before = (tmp_path / "a.gif").read_bytes()
    write_gallery({"a": Scene(4, 2)}, tmp_path)
    assert (tmp_path / "a.gif").read_bytes() != before


def test_a_figure_that_already_shows_the_scene_is_no_obstacle(tmp_path):
    write_gallery({"a": Scene(3, 2)}, tmp_path)
    (tmp_path / "index.html").unlink()
    write_gallery({"a": Scene(3, 2)}, tmp_path)
    (tmp_path / "index.html").unlink()
    with pytest.raises(FileExistsError, match=r"a\.gif"):
        write_gallery({"a": Scene(4, 2)}, tmp_path)
    write_gallery({"a": Scene(4, 2)}, tmp_path, overwrite=True)


def test_two_scene_files_of_one_name_are_refused(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.toml").touch()
    with pytest.raises(ValueError, match=r"same\.toml and .*same\.toml would both make same\.gif"):
        scene_files(tmp_path)


def test_every_operation_has_its_heading(tmp_path):
    """A folder with a scene of each operation makes a page."""
    folder = tmp_path / "scenes"
    folder.mkdir()
    for op in OPERATIONS:
        size = "scale_factor = 2" if op == "upsample" else "kernel = 2"
        (folder / f"{op}.toml").write_text(f'op = "{op}"\ninput = 2\n{size}\n')
    scenes = {name: load_scene(path) for name, path in scene_files(folder).items()}
    assert {heading_of(name, scene) for name, scene in scenes.items()} <= set(HEADINGS)
    write_gallery(scenes, tmp_path / "site")
    page = (tmp_path / "site" / "index.html").read_text()
    assert all(f"{op}.gif" in page for op in OPERATIONS)


def test_the_backward_pass_stands_under_its_own_heading_whatever_its_view():
    figures = {name: load_figure(path) for name, path in built_in().items()}
    own = [name for name, figure in figures.items() if heading_of(name, figure) == "Backward pass"]
    assert own == ["gradient_of_input", "gradient_of_kernel"]


def test_stacks_have_a_heading_of_their_own(tmp_path):
    stack = load_figure(built_in_stacks()["dcgan_generator"])
    assert heading_of("mine", stack) == "Stacks of layers"
    text = "".join(Page(page({"mine": stack}, {})).text)
    assert "4×4 → 8×8 → 16×16 → 32×32 → 64×64" in text
    assert "[[layers]]" in text
    write_gallery({"three": stack}, tmp_path)
    write_gallery({"three": stack}, tmp_path)


def test_the_course_goes_in_order_and_has_the_stacks_as_its_twentieth_lesson():
    figures = {name: load_figure(path) for name, path in (built_in() | built_in_stacks()).items()}
    course = [name for name, figure in figures.items() if heading_of(name, figure) == "A short course"]
    shown = [image["src"].removesuffix(".gif") for image in Page(page(figures, {})).all("img")]
    lessons = sorted(name for name in course if name[:2].isdigit())
    assert [name for name in shown if name in lessons] == lessons
    at = shown.index("19d_depthwise")
    assert shown[at + 1 : at + 5] == ["three_3x3", "dcgan_generator", "fcn_head", "21a_checkerboard"]
    assert shown.index("06a_valid_and_full") < shown.index("06b_same_and_same")
