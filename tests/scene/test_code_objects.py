"""Live layers read: objects that look like those of a framework, and ONNX models."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from convanim import Scene, SceneError, record
from convanim.scene.code import scene_from_layer


def test_what_is_no_layer_is_refused():
    for thing in (3, "model.txt", object(), [1, 2]):
        with pytest.raises(SceneError) as error:
            scene_from_layer(thing)
        assert error.value.field == "layer"


class Weight:
    """An array, as far as a layer's reader looks."""

    def __init__(self, array):
        self.array = np.array(array)
        self.shape = self.array.shape

    def tolist(self):
        return self.array.tolist()


def layer_like(name, module, **attributes):
    """An object that looks like a framework's layer: its class's name and module, its attributes."""
    kind = type(name, (), {"__module__": module})
    layer = type("Mine", (kind,), {"__module__": "mine"})()
    vars(layer).update(attributes)
    return layer


def test_a_live_torch_layer_brings_its_weights():
    layer = layer_like(
        "Conv1d",
        "torch.nn.modules.conv",
        in_channels=1,
        out_channels=2,
        kernel_size=(2,),
        stride=(1,),
        padding=(1,),
        dilation=(1,),
        groups=1,
        padding_mode="zeros",
        bias=Weight([0, 1]),
        weight=Weight([[[1, 2]], [[3, 0.5]]]),
    )
    scene = scene_from_layer(layer, 4)
    assert (scene.padding, scene.out_channels) == (((1, 1),), 2)
    assert record(scene).kernel.tolist() == [[[1, 2]], [[3, 0.5]]]


def test_a_live_keras_layer_has_its_channels_last():
    kernel = np.arange(12).reshape(2, 1, 3, 2)  # height, width, in, out
    layer = layer_like(
        "Conv2D",
        "keras.src.layers.convolutional.conv2d",
        filters=2,
        kernel_size=(2, 1),
        strides=(1, 1),
        padding="valid",
        dilation_rate=(1, 1),
        groups=1,
        activation=None,
        kernel=Weight(kernel),
    )
    scene = scene_from_layer(layer, 4)
    assert np.array_equal(record(scene).kernel, np.transpose(kernel, (3, 2, 0, 1)))


def convolution(**attributes):
    """A convolution of torch's, as far as its attributes go."""
    sizes = {"kernel_size": (3, 3), "stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1}
    channels = {"in_channels": 1, "out_channels": 1, "padding_mode": "zeros"}
    return layer_like("Conv2d", "torch.nn.modules.conv", **(sizes | channels | attributes))


class Half(Weight):
    """Weights of a kind of float that NumPy has not."""

    def detach(self):
        return self

    def numpy(self):
        raise TypeError


class Meta(Weight):
    """Weights that are a shape alone."""

    def cpu(self):
        raise NotImplementedError


class Failing:
    """Weights that are not made yet."""

    @property
    def shape(self):
        raise RuntimeError


def test_weights_of_any_float_are_read():
    scene = scene_from_layer(convolution(weight=Half(np.ones((1, 1, 3, 3)))), 4)
    assert record(scene).kernel.tolist() == np.ones((1, 1, 3, 3)).tolist()


@pytest.mark.parametrize("weight", [Meta(np.ones((1, 1, 3, 3))), Failing(), None, Weight(np.ones((1, 1, 3, 3)) * 1j)])
def test_weights_without_numbers_are_no_weights(weight):
    assert scene_from_layer(convolution(weight=weight), 4) == Scene(4, 3)


class Unwilling:
    """An object of which no attribute can be looked at."""

    def __getattr__(self, name):
        raise RuntimeError(name)


def test_an_attribute_that_cannot_be_looked_at_is_an_error_of_one_line():
    kind = type("Conv2d", (Unwilling,), {"__module__": "torch.nn.modules.conv"})
    for layer in (Unwilling(), kind()):
        with pytest.raises(SceneError) as error:
            scene_from_layer(layer, 4)
        assert error.value.field == "layer"
        assert "cannot be read (RuntimeError)" in str(error.value)


class Nodes:
    """Nodes and models of ONNX, as far as their fields go."""

    @staticmethod
    def attribute(name, value):
        kinds = {float: (1, "f"), int: (2, "i"), bytes: (3, "s"), list: (7, "ints"), SimpleNamespace: (4, "t")}
        kind, field = kinds[type(value)]
        return SimpleNamespace(name=name, type=kind, **{field: value})

    @classmethod
    def node(cls, operator, inputs, **attributes):
        listed = [cls.attribute(*each) for each in attributes.items()]
        return SimpleNamespace(op_type=operator, name="", input=inputs, output=["y"], attribute=listed)

    @staticmethod
    def tensor(name, numbers):
        array = np.array(numbers)
        return SimpleNamespace(name=name, dims=array.shape, array=array)

    @staticmethod
    def model(*nodes, initializer=(), opset=21):
        graph = SimpleNamespace(node=list(nodes), initializer=initializer, input=(), value_info=())
        return SimpleNamespace(graph=graph, opset_import=[SimpleNamespace(domain="", version=opset)])


@pytest.fixture
def helper(monkeypatch):
    """What a model of ONNX' own would bring: the reader of its tensors, which fails for those kept elsewhere."""
    reader = SimpleNamespace(to_array=lambda tensor: tensor.array)
    monkeypatch.setitem(sys.modules, "onnx.numpy_helper", reader)


def unpooling(*inputs):
    return Nodes.node("MaxUnpool", inputs, kernel_shape=[2, 2], strides=[2, 2])


@pytest.mark.usefixtures("helper")
def test_the_output_shape_of_an_unpooling_is_its_third_input():
    tensor = Nodes.tensor("shape", [1, 1, 7, 7])
    model = Nodes.model(unpooling("x", "i", "shape"), initializer=[tensor])
    assert scene_from_layer(model, 3).output == (7, 7)
    assert scene_from_layer(Nodes.model(unpooling("x", "i")), 3).output == (6, 6)
    assert scene_from_layer(Nodes.model(unpooling("x", "i", "")), 3).output == (6, 6)
    for unknown in (Nodes.model(unpooling("x", "i", "shape")), unpooling("x", "i", "shape")):
        with pytest.raises(SceneError, match="output_shape: got the input shape, which is no literal"):
            scene_from_layer(unknown, 3)
        assert scene_from_layer(unknown, 3, output_size=7).output == (7, 7)
    short = Nodes.model(unpooling("x", "i", "shape"), initializer=[Nodes.tensor("shape", [7, 7])])
    with pytest.raises(SceneError, match="legal are 4 numbers"):
        scene_from_layer(short, 3)


@pytest.mark.usefixtures("helper")
def test_a_resize_of_before_opset_11_has_its_scales_second_and_rounds_down():
    node, scales = Nodes.node("Resize", ["x", "scales"], mode=b"nearest"), Nodes.tensor("scales", [1.0, 1.0, 2.0, 1.5])
    expected = Scene(4, op="upsample", scale_factor=[2, 1.5], coordinates="asymmetric", rounding="floor")
    assert scene_from_layer(Nodes.model(node, initializer=[scales], opset=10), 4) == expected
    new = Nodes.node("Resize", ["x", "", "scales"], mode=b"nearest")
    half = {"coordinates": "half-pixel", "rounding": "round-prefer-floor"}
    expected = Scene(4, op="upsample", scale_factor=[2, 1.5], **half)
    assert scene_from_layer(Nodes.model(new, initializer=[scales], opset=11), 4) == expected


@pytest.mark.usefixtures("helper")
def test_a_constant_node_is_as_good_as_an_initializer():
    constant = Nodes.node("Constant", [], value=Nodes.tensor("", [1.0, 1.0, 3.0, 3.0]))
    constant.output = ["scales"]
    model = Nodes.model(constant, Nodes.node("Resize", ["x", "", "scales"]))
    assert scene_from_layer(model, 4).output == (12, 12)
    written = Nodes.node("Constant", [], value_ints=[1, 1, 5, 6])
    written.output = ["sizes"]
    model = Nodes.model(written, Nodes.node("Resize", ["x", "", "", "sizes"]))
    assert scene_from_layer(model, 4).output == (5, 6)


@pytest.mark.usefixtures("helper")
def test_numbers_that_are_in_another_file_are_none():
    weight = SimpleNamespace(name="w", dims=(2, 1, 3, 3))
    model = Nodes.model(Nodes.node("Conv", ["x", "w"]), initializer=[weight])
    assert scene_from_layer(model, 4) == Scene(4, 3, out_channels=2)
    scales = SimpleNamespace(name="scales", dims=(4,))
    model = Nodes.model(Nodes.node("Resize", ["x", "", "scales"]), initializer=[scales])
    with pytest.raises(SceneError, match="scales: got the tensor scales, which cannot be read"):
        scene_from_layer(model, 4)


def test_odd_nodes_are_read_or_refused():
    assert scene_from_layer(Nodes.model(Nodes.node("MaxPool", [], kernel_shape=[2, 2])), 4).output == (3, 3)
    with pytest.raises(SceneError, match="auto_pad"):
        scene_from_layer(Nodes.node("Conv", ["x"], kernel_shape=[3, 3], auto_pad=b"\xff\xfe"), 4)
