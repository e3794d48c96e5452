"""Pictures as values: read in the array's size, carried inside the scene, refused by name."""

import base64
import pickle
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from convanim import Scene, SceneError, load_scene, record, render, storyboard
from convanim.catalogue import built_in
from convanim.reading import carried_figure
from convanim.scene import parse_scene, scene_to_dict, scene_to_toml
from convanim.scene.values import Picture

GREYS = np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "greys.png"
    Image.fromarray(GREYS).save(path)
    return path


def of(source, size=(4, 6), **fields):
    return Scene(list(size), 3, values={"input": {"image": str(source)}}, **fields)


def test_a_picture_of_the_input_s_size_gives_its_greys(picture):
    assert record(of(picture)).input[0].tolist() == GREYS.tolist()


def test_a_larger_picture_is_averaged(picture):
    means = GREYS.reshape(2, 2, 3, 2).astype(float).mean(axis=(1, 3))
    greys = record(Scene([2, 3], 2, values={"input": {"image": str(picture)}})).input[0]
    assert abs(greys - means).max() <= 0.5


def test_a_smaller_picture_is_repeated(picture):
    greys = record(of(picture, (8, 12))).input[0]
    assert greys.tolist() == GREYS.repeat(2, axis=0).repeat(2, axis=1).tolist()


def test_a_kernel_may_be_a_picture(picture):
    scene = Scene(9, [4, 6], values={"kernel": {"image": str(picture)}})
    assert record(scene).kernel[0, 0].tolist() == GREYS.tolist()


def test_a_scene_file_names_pictures_from_its_own_folder(picture, tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text('input = [4, 6]\nkernel = 3\n[values]\ninput = { image = "greys.png" }\n')
    monkeypatch.chdir("/")
    assert load_scene(tmp_path / "mine.toml") == of(picture)


def test_a_scene_holds_its_picture_and_needs_no_file(picture, tmp_path):
    scene = of(picture)
    (figure,) = render(scene, tmp_path / "figure.png")
    picture.unlink()
    for again in (parse_scene(scene_to_toml(scene)), carried_figure(figure), pickle.loads(pickle.dumps(scene))):
        assert again == scene
        assert hash(again) == hash(scene)
        assert record(again).input[0].tolist() == GREYS.tolist()
    assert str(tmp_path) not in scene_to_toml(scene)


def saved(image, **options):
    stream = BytesIO()
    image.save(stream, **{"format": "PNG", **options})
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def one_grey(source):
    (grey,) = set(record(of(source)).input.ravel().tolist())
    return grey


def test_all_kinds_of_pictures_become_greys():
    whole = (6, 4)
    assert one_grey(saved(Image.new("RGB", whole, (0, 0, 0)))) == 0
    assert one_grey(saved(Image.new("RGBA", whole, (0, 0, 0, 0)))) == 255, "what is transparent is white"
    assert one_grey(saved(Image.new("1", whole, 1))) == 255
    assert one_grey(saved(Image.new("I;16", whole, 128 * 256 + 200))) == 128
    assert one_grey(saved(Image.new("P", whole), format="GIF")) == 0
    assert one_grey(saved(Image.new("L", whole, 77), format="JPEG")) == 77


def test_a_picture_that_lies_on_its_side_is_stood_up():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    turned = saved(Image.fromarray(GREYS), exif=exif)
    assert record(of(turned, (6, 4))).input[0].tolist() == np.rot90(GREYS, -1).tolist()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere.png", "nowhere.png: no such file or directory"),
        ("", "an image is the path of a picture file"),
        (7, "an image is the path of a picture file"),
        ("a\0b", "an image is the path of a picture file"),
        ("data:image/png;base64,AAAA", "its data: not a picture that can be read"),
        ("data:image/png;base64,?", "its data: not a picture that can be read"),
        ("data:text/plain,hello", "its data: not a picture that can be read"),
        (".", "no regular file"),
        ("/dev/zero", "no regular file"),
        ("x" * 5000, "not a picture that can be read"),
        ("https://example.org/a.png", "an address, and none is fetched"),
        (__file__, "not a picture that can be read"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(source, said):
    with pytest.raises(SceneError) as fault:
        Scene(4, 3, values={"input": {"image": source}})
    assert fault.value.field == "values.input"
    assert said in str(fault.value)


def test_a_picture_cut_short_is_refused(picture):
    picture.write_bytes(picture.read_bytes()[:60])
    with pytest.raises(SceneError, match="not a picture that can be read"):
        of(picture)


def test_one_axis_takes_no_picture(picture):
    with pytest.raises(SceneError, match="two axes"):
        Scene([6], 3, values={"input": {"image": str(picture)}})


def test_a_picture_of_another_size_is_refused_where_it_is_no_file_any_more():
    with pytest.raises(SceneError, match="a picture of 4×6; but the size is 5×5"):
        Scene(5, 3, values={"input": Picture((4, 6), GREYS.tobytes())})


def test_other_mistakes_are_said_beside_a_missing_picture():
    with pytest.raises(SceneError) as fault:
        of("nowhere.png", stride=0)
    assert {problem.field for problem in fault.value.problems} == {"stride", "values.input"}


def test_pictures_come_with_the_scenes_that_name_them():
    for name in ("digit", "picture"):
        scene = load_scene(built_in()[name])
        assert isinstance(scene.values.input, Picture)
        assert scene_to_dict(scene)["values"]["input"]["image"].startswith("data:")
    assert load_scene(built_in()["digit"]).input == (28, 28)
    assert load_scene(built_in()["picture"]).input == (224, 224)


def test_a_jpeg_is_averaged_as_any_picture():
    fine = np.kron((np.indices((40, 320)).sum(axis=0) % 2) * 200 + 20, np.ones((2, 2))).astype(np.uint8)
    image = Image.fromarray(fine)
    shown = [
        record(Scene([8, 10], 1, values={"input": {"image": saved(image, **options)}})).input[0].astype(int)
        for options in ({}, {"format": "JPEG", "quality": 95})
    ]
    assert abs(shown[0] - shown[1]).max() <= 4


@pytest.mark.parametrize("fault", [RuntimeError, NotImplementedError, TypeError, AttributeError, MemoryError, EOFError])
def test_whatever_a_reader_of_pictures_raises_is_one_clear_error(picture, monkeypatch, fault):
    def broken(_):
        raise fault("deep inside")

    monkeypatch.setattr("PIL.Image.open", broken)
    with pytest.raises(SceneError, match="not a picture that can be read"):
        of(picture)


def test_an_absurd_size_is_refused_before_a_picture_is_made(picture):
    with pytest.raises(SceneError, match="legal are 16,777,216 cells at most"):
        of(picture, (100_000, 100_000))


def test_pooling_has_no_kernel_picture_either():
    with pytest.raises(SceneError, match=r"values.kernel: given"):
        Scene(4, 2, op="max_pool", values={"kernel": {"image": "nowhere.png"}})


def test_a_picture_is_shaded_from_black_to_white_and_numbers_from_their_least_to_their_largest(picture):
    dim = storyboard(of(picture)).grid("canvas").shades
    assert (min(dim), max(dim)) == (0, 230)
    same = {"input": GREYS.tolist()}
    stretched = storyboard(Scene([4, 6], 3, values=same, view={"colour": "value"})).grid("canvas").shades
    assert (min(stretched), max(stretched)) == (0, 255)
    numeric = storyboard(of(picture, view={"kind": "numeric"}))
    assert numeric.grid("canvas").shades == dim
    assert numeric.grid("output").shades != b""


def test_a_picture_that_is_no_bytes_for_its_cells_is_refused():
    with pytest.raises(SceneError, match="a byte a cell"):
        Scene(2, 1, values={"input": Picture((2, 2), b"abc")})


def test_the_smallest_floats_have_shades_too():
    board = storyboard(Scene([1, 2], 1, values={"input": [[0.0, 5e-324]]}, view={"colour": "value"}))
    assert board.grid("canvas").shades == bytes([0, 255])


@pytest.fixture
def colours(tmp_path):
    path = tmp_path / "colours.png"
    image = Image.new("RGB", (4, 2), (10, 20, 30))
    image.putpixel((3, 1), (200, 100, 50))
    image.save(path)
    return path


def test_a_picture_is_three_channels_where_the_scene_has_them(colours):
    scene = Scene([2, 4], 1, in_channels=3, groups=3, values={"input": {"image": str(colours)}})
    recording = record(scene)
    assert recording.input.shape == (3, 2, 4)
    assert recording.input[:, 0, 0].tolist() == [10, 20, 30]
    assert recording.input[:, 1, 3].tolist() == [200, 100, 50]
    assert parse_scene(scene_to_toml(scene)) == scene


def test_a_picture_may_say_the_size_of_the_input(colours):
    scene = Scene(kernel=1, values={"input": {"image": str(colours), "size": [1, 2]}})
    assert scene.input == (1, 2)
    with pytest.raises(SceneError, match=r"values.input: got size \[1, 2\]; but input has another"):
        Scene(4, 1, values={"input": {"image": str(colours), "size": [1, 2]}})


def test_a_picture_has_one_channel_or_three(colours):
    with pytest.raises(SceneError, match=r"values.input: got a picture for 2 channels"):
        Scene([2, 4], 1, in_channels=2, values={"input": {"image": str(colours)}})
