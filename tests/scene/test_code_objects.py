"""Live layers read: objects that look like those of a framework, and ONNX models."""

import numpy as np
import pytest

from convanim import SceneError, record
from convanim.scene.code import scene_from_layer


def test_what_is_no_layer_is_refused():
    for thing in (3, "model.txt", object(), [1, 2]):
        with pytest.raises(SceneError) as error:
            scene_from_layer(thing)
        assert error.value.field == "layer"


class Weight:
    """An array, as far as a layer's reader looks."""

    def __init__(self, array):
        self.array = np.array(array, dtype=float)
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
