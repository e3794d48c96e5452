"""Layers as people write them, read; scenes written as scripts that run. What is no layer is refused, in one line."""

import random

import numpy as np
import pytest

from convanim import Scene, SceneError, record
from convanim.scene.code import code_for, scene_from_code, scene_from_layer
from tests.scripts import random_scene, run

# text, input, what else the caller says, the scene's fields
TORCH = [
    ("nn.Conv2d(1, 1, 3)", 5, {}, {"kernel": 3}),
    ("Conv2d(1, 1, 3)", 5, {}, {"kernel": 3}),
    ("torch.nn.Conv2d(1, 1, kernel_size=3, stride=2, padding=1)", 5, {}, {"kernel": 3, "stride": 2, "padding": 1}),
    ("self.conv = nn.Conv2d(1, 1, (3, 2))", [5, 6], {}, {"kernel": [3, 2]}),
    ("conv1: nn.Module = nn.Conv2d(1, 1, 3, bias=False),", 5, {}, {"kernel": 3}),
    ("return nn.Conv2d(3, 8, 3)", 5, {}, {"kernel": 3, "in_channels": 3, "out_channels": 8}),
    ("nn.Conv2d(4, 8, 3, groups=4)", 5, {}, {"kernel": 3, "in_channels": 4, "out_channels": 8, "groups": 4}),
    ("nn.Conv2d(1, 1, 2*1 + 1, padding=(3-1)//2)", 5, {}, {"kernel": 3, "padding": 1}),
    ("nn.Conv2d(1, 1, (3,) * 2, dilation=2)", 7, {}, {"kernel": 3, "dilation": 2}),
    ("nn.Conv2d(1, 1, 4, padding='same')", 5, {}, {"kernel": 4, "padding": "same-torch"}),
    ("nn.Conv2d(1, 1, 3, padding='valid')", 5, {}, {"kernel": 3, "padding": "valid"}),
    ("nn.Conv2d(1, 1, 3, 1, 1, padding_mode='reflect')", 5, {}, {"kernel": 3, "padding": 1, "padding_mode": "reflect"}),
    (
        "nn.Conv2d(1, 1, 3, 1, 1, 1, 1, True, 'circular')",
        5,
        {},
        {"kernel": 3, "padding": 1, "padding_mode": "circular"},
    ),
    ("nn.Conv2d(1, 1, 3, device=device, dtype=torch.float64)", 5, {}, {"kernel": 3}),
    ("nn.Conv1d(1, 1, 3, padding=(1,))", 9, {}, {"kernel": 3, "padding": 1, "dimensions": 1}),
    ("nn.Conv1d(1, 1, [3])", [9], {}, {"kernel": 3}),
    ("nn.Conv3d(1, 1, (1, 2, 3))", 4, {}, {"kernel": [1, 2, 3], "dimensions": 3}),
    ("nn.LazyConv2d(2, 3)", 5, {"in_channels": 3}, {"kernel": 3, "in_channels": 3, "out_channels": 2}),
    ("nn.Conv2d(1, 1, 3)(torch.randn(1, 1, 6, 7))", None, {}, {"input": [6, 7], "kernel": 3}),
    ("nn.ConvTranspose2d(1, 1, 3, stride=2)", 3, {}, {"kernel": 3, "stride": 2, "transposed": True}),
    (
        "nn.ConvTranspose2d(2, 4, 3, 2, 1, 1, groups=2)",
        3,
        {},
        {
            "kernel": 3,
            "stride": 2,
            "padding": 1,
            "output_padding": 1,
            "groups": 2,
            "in_channels": 2,
            "out_channels": 4,
            "transposed": True,
        },
    ),
    (
        "nn.ConvTranspose2d(1, 1, 3, 2, 1)(x, output_size=(1, 1, 6, 6))",
        3,
        {},
        {"kernel": 3, "stride": 2, "padding": 1, "output_size": 6, "transposed": True},
    ),
    (
        "nn.ConvTranspose1d(1, 1, 3, dilation=2)",
        4,
        {},
        {"kernel": 3, "dilation": 2, "transposed": True, "dimensions": 1},
    ),
    ("nn.ConvTranspose3d(1, 1, 2, 2)", 2, {}, {"kernel": 2, "stride": 2, "transposed": True, "dimensions": 3}),
    ("nn.LazyConvTranspose2d(1, 2)", 3, {}, {"kernel": 2, "transposed": True}),
    ("nn.MaxPool2d(2)", 6, {}, {"op": "max_pool", "kernel": 2}),
    (
        "nn.MaxPool2d(3, 2, 1, ceil_mode=True)",
        6,
        {},
        {"op": "max_pool", "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    ),
    ("nn.MaxPool2d(3, 2, 1, 1, True)", 6, {}, {"op": "max_pool", "kernel": 3, "stride": 2, "padding": 1}),
    ("nn.MaxPool1d(3, dilation=2)", 9, {}, {"op": "max_pool", "kernel": 3, "dilation": 2, "dimensions": 1}),
    ("nn.MaxPool3d((1, 2, 2))", 4, {}, {"op": "max_pool", "kernel": [1, 2, 2], "dimensions": 3}),
    ("nn.AvgPool2d(2, 2)", 6, {}, {"op": "avg_pool", "kernel": 2}),
    (
        "nn.AvgPool2d(3, 2, 1, True, False)",
        6,
        {},
        {"op": "avg_pool", "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False},
    ),
    ("nn.AvgPool2d(2, divisor_override=3)", 6, {}, {"op": "avg_pool", "kernel": 2, "divisor_override": 3}),
    ("nn.AdaptiveAvgPool2d(2)", 6, {}, {"op": "avg_pool", "kernel": 3}),
    ("nn.AdaptiveAvgPool2d((1, None))", [4, 3], {}, {"op": "avg_pool", "kernel": [4, 1]}),
    ("nn.AdaptiveMaxPool1d(1)", 5, {}, {"op": "max_pool", "kernel": 5, "dimensions": 1}),
    ("nn.MaxUnpool2d(2)", 3, {}, {"op": "max_unpool", "kernel": 2}),
    ("nn.MaxUnpool2d(2)(x, i, output_size=[7, 7])", 3, {}, {"op": "max_unpool", "kernel": 2, "output_size": 7}),
    ("nn.Upsample(scale_factor=2)", 3, {}, {"op": "upsample", "scale_factor": 2}),
    ("nn.Upsample((5, 6))", 3, {}, {"op": "upsample", "output_size": [5, 6]}),
    (
        "nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)",
        3,
        {},
        {"op": "upsample", "scale_factor": 2, "mode": "linear", "align_corners": True},
    ),
    (
        "nn.Upsample(scale_factor=2, mode='linear')",
        3,
        {},
        {"op": "upsample", "scale_factor": 2, "mode": "linear", "dimensions": 1},
    ),
    (
        "nn.Upsample(scale_factor=2.5, mode='nearest-exact')",
        3,
        {},
        {"op": "upsample", "scale_factor": 2.5, "mode": "nearest-exact"},
    ),
    (
        "nn.Upsample(scale_factor=1.5, recompute_scale_factor=True)",
        3,
        {},
        {"op": "upsample", "output_size": 4},
    ),
    ("nn.UpsamplingNearest2d(scale_factor=3)", 3, {}, {"op": "upsample", "scale_factor": 3}),
    (
        "nn.UpsamplingBilinear2d(5)",
        3,
        {},
        {"op": "upsample", "output_size": 5, "mode": "linear", "align_corners": True},
    ),
    ("F.conv2d(x, w, stride=2)", 5, {"kernel": 3}, {"kernel": 3, "stride": 2}),
    (
        "F.conv2d(torch.rand(1, 3, 8, 9), torch.rand(4, 3, 3, 2))",
        None,
        {},
        {"input": [8, 9], "kernel": [3, 2], "in_channels": 3, "out_channels": 4},
    ),
    ("torch.nn.functional.conv1d(x, w, None, 2)", 5, {"kernel": 3}, {"kernel": 3, "stride": 2, "dimensions": 1}),
    (
        "F.conv_transpose2d(x, w, stride=2, padding=1)",
        5,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": 1, "transposed": True},
    ),
    ("F.max_pool2d(x, 2)", 6, {}, {"op": "max_pool", "kernel": 2}),
    ("y = F.avg_pool2d(x, 3, 1, 1)", 6, {}, {"op": "avg_pool", "kernel": 3, "stride": 1, "padding": 1}),
    ("F.max_unpool2d(x, indices, 2, output_size=(7, 7))", 3, {}, {"op": "max_unpool", "kernel": 2, "output_size": 7}),
    ("F.interpolate(x, scale_factor=2)", 3, {}, {"op": "upsample", "scale_factor": 2}),
    ("F.adaptive_avg_pool2d(x, 3)", 6, {}, {"op": "avg_pool", "kernel": 2}),
]
KERAS = [
    ("layers.Conv2D(1, 3)", 5, {}, {"kernel": 3}),
    ("Conv2D(2, (3, 3), activation=None)", 5, {}, {"kernel": 3, "out_channels": 2}),
    (
        "tf.keras.layers.Conv2D(2, 3, strides=(2, 2), padding='same')",
        5,
        {},
        {"kernel": 3, "out_channels": 2, "stride": 2, "padding": "same"},
    ),
    (
        "keras.layers.Conv2D(1, 3, 2, 'valid', data_format='channels_first')",
        5,
        {},
        {"kernel": 3, "stride": 2, "padding": "valid"},
    ),
    ("Conv2D(4, 3, groups=2)", 5, {}, {"kernel": 3, "groups": 2, "in_channels": 2, "out_channels": 4}),
    ("Conv2D(1, 3, input_shape=(8, 9, 3))", None, {}, {"input": [8, 9], "in_channels": 3, "kernel": 3}),
    ("Conv2D(1, 3)(keras.Input((8, 9, 3)))", None, {}, {"input": [8, 9], "in_channels": 3, "kernel": 3}),
    ("Conv2D(1, 3, dilation_rate=2, name='c', kernel_initializer='ones')", 7, {}, {"kernel": 3, "dilation": 2}),
    ("Conv1D(1, 3, padding='causal')", 6, {}, {"kernel": 3, "padding": "causal", "dimensions": 1}),
    ("Conv3D(1, 2)", 3, {}, {"kernel": 2, "dimensions": 3}),
    (
        "Conv2DTranspose(1, 3, strides=2)",
        3,
        {},
        {"kernel": 3, "stride": 2, "padding": "valid-keras", "transposed": True},
    ),
    (
        "Conv2DTranspose(1, 3, 2, 'same', output_padding=1)",
        3,
        {},
        {"kernel": 3, "stride": 2, "padding": "same-keras", "output_padding": 1, "transposed": True},
    ),
    (
        "Conv1DTranspose(2, 3)",
        3,
        {},
        {"kernel": 3, "padding": "valid-keras", "out_channels": 2, "transposed": True, "dimensions": 1},
    ),
    (
        "Conv3DTranspose(1, 2, padding='same')",
        3,
        {},
        {"kernel": 2, "padding": "same-keras", "transposed": True, "dimensions": 3},
    ),
    (
        "DepthwiseConv2D(3, depth_multiplier=2)",
        5,
        {"in_channels": 3},
        {"kernel": 3, "groups": 3, "in_channels": 3, "out_channels": 6},
    ),
    ("DepthwiseConv1D(3, padding='same')", 5, {}, {"kernel": 3, "padding": "same", "dimensions": 1}),
    ("MaxPooling2D()", 6, {}, {"op": "max_pool", "kernel": 2}),
    ("MaxPool2D((2, 3), padding='same')", 6, {}, {"op": "max_pool", "kernel": [2, 3], "padding": "same"}),
    ("layers.MaxPooling1D(3, strides=1)", 6, {}, {"op": "max_pool", "kernel": 3, "stride": 1, "dimensions": 1}),
    ("AveragePooling2D(pool_size=2)", 6, {}, {"op": "avg_pool", "kernel": 2, "count_include_pad": False}),
    (
        "AvgPool3D(2, padding='same')",
        3,
        {},
        {"op": "avg_pool", "kernel": 2, "padding": "same", "count_include_pad": False, "dimensions": 3},
    ),
    ("GlobalMaxPooling2D()", [4, 3], {}, {"op": "max_pool", "kernel": [4, 3], "padding": 0}),
    (
        "GlobalAveragePooling1D()",
        4,
        {},
        {"op": "avg_pool", "kernel": 4, "dimensions": 1, "count_include_pad": False, "padding": 0},
    ),
    ("UpSampling2D()", 3, {}, {"op": "upsample", "scale_factor": 2}),
    (
        "UpSampling2D((2, 3), interpolation='bilinear')",
        3,
        {},
        {"op": "upsample", "scale_factor": [2, 3], "mode": "linear"},
    ),
    ("UpSampling1D(3)", 3, {}, {"op": "upsample", "scale_factor": 3, "dimensions": 1}),
    ("UpSampling3D(size=2)", 3, {}, {"op": "upsample", "scale_factor": 2, "dimensions": 3}),
]
TENSORFLOW = [
    ("tf.nn.conv2d(x, w, strides=2, padding='SAME')", 5, {"kernel": 3}, {"kernel": 3, "stride": 2, "padding": "same"}),
    ("tf.nn.conv2d(x, w, [1, 2, 2, 1], 'VALID')", 5, {"kernel": 3}, {"kernel": 3, "stride": 2, "padding": "valid"}),
    (
        "tf.nn.conv2d(x, w, 1, [[0, 0], [1, 2], [0, 1], [0, 0]])",
        5,
        {"kernel": 3},
        {"kernel": 3, "padding": [[1, 2], [0, 1]]},
    ),
    ("tf.nn.conv1d(x, w, 2, 'SAME')", 5, {"kernel": 3}, {"kernel": 3, "stride": 2, "padding": "same", "dimensions": 1}),
    (
        "tf.nn.conv2d_transpose(x, w, [1, 7, 6, 1], strides=2)",
        [4, 3],
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": "same-tensorflow", "output_size": [7, 6], "transposed": True},
    ),
    (
        "tf.nn.conv2d_transpose(x, w, (1, 8, 8, 1), 2, padding='VALID')",
        3,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": "valid-tensorflow", "output_size": 8, "transposed": True},
    ),
    ("tf.nn.max_pool2d(x, 2, 2, 'SAME')", 5, {}, {"op": "max_pool", "kernel": 2, "padding": "same"}),
    (
        "tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], 'VALID')",
        5,
        {},
        {"op": "avg_pool", "kernel": 3, "stride": 2, "padding": "valid", "count_include_pad": False},
    ),
    (
        "tf.nn.depthwise_conv2d(x, np.ones((3, 3, 2, 2)), [1, 1, 1, 1], 'SAME')",
        5,
        {},
        {"kernel": 3, "padding": "same", "in_channels": 2, "groups": 2, "out_channels": 4},
    ),
]
_TURNED = {"transposed": True, "flip": True}
JAX = [
    ("nn.Conv(features=1, kernel_size=(3, 3))", 5, {}, {"kernel": 3, "padding": "same"}),
    (
        "flax.linen.Conv(2, (3, 3), strides=2, padding='VALID')",
        5,
        {},
        {"kernel": 3, "stride": 2, "padding": "valid", "out_channels": 2},
    ),
    ("nn.Conv(1, 3)", 6, {}, {"kernel": 3, "padding": "same", "dimensions": 1}),
    ("nn.Conv(1, (3,), padding='CAUSAL')", 6, {}, {"kernel": 3, "padding": "causal", "dimensions": 1}),
    ("nn.Conv(1, (3, 3), padding=[(1, 2), (0, 1)])", 6, {}, {"kernel": 3, "padding": [[1, 2], [0, 1]]}),
    (
        "nn.Conv(1, (4, 4), padding='CIRCULAR')",
        6,
        {},
        {"kernel": 4, "padding": [[1, 2], [1, 2]], "padding_mode": "circular"},
    ),
    ("nn.Conv(1, (3, 3), padding='SAME_LOWER')", 6, {}, {"kernel": 3, "padding": "same-lower"}),
    (
        "nn.Conv(4, (3, 3), feature_group_count=2, kernel_dilation=2)",
        6,
        {},
        {"kernel": 3, "padding": "same", "dilation": 2, "groups": 2, "in_channels": 2, "out_channels": 4},
    ),
    (
        "nnx.Conv(3, 2, kernel_size=(3, 3), rngs=nnx.Rngs(0))",
        6,
        {},
        {"kernel": 3, "padding": "same", "in_channels": 3, "out_channels": 2},
    ),
    (
        "nn.Conv(1, (3, 3), padding=((1, 1), (1, 1)), input_dilation=(2, 2))",
        3,
        {},
        {"kernel": 3, "stride": 2, "padding": 1, **_TURNED},
    ),
    (
        "nn.ConvTranspose(1, (3, 3), strides=(2, 2))",
        3,
        {},
        {"kernel": 3, "stride": 2, "padding": "same-jax", **_TURNED},
    ),
    (
        "nn.ConvTranspose(1, (3, 3), (2, 2), padding='VALID', transpose_kernel=True)",
        3,
        {},
        {"kernel": 3, "stride": 2, "padding": "valid-jax", "transposed": True},
    ),
    ("nn.ConvTranspose(1, (3, 3), padding=0)", 4, {}, {"kernel": 3, "padding": 2, **_TURNED}),
    (
        "nnx.ConvTranspose(1, 2, (2, 2), strides=2, rngs=r)",
        3,
        {},
        {"kernel": 2, "stride": 2, "padding": "same-jax", "out_channels": 2, **_TURNED},
    ),
    ("nn.max_pool(x, window_shape=(2, 2), strides=(2, 2))", 6, {}, {"op": "max_pool", "kernel": 2, "padding": "valid"}),
    ("nn.max_pool(x, (2, 2))", 6, {}, {"op": "max_pool", "kernel": 2, "stride": 1, "padding": "valid"}),
    (
        "nn.avg_pool(x, (3,), padding='SAME', count_include_pad=False)",
        6,
        {},
        {"op": "avg_pool", "kernel": 3, "stride": 1, "padding": "same", "count_include_pad": False, "dimensions": 1},
    ),
    ("lax.conv(x, w, (1, 2), 'SAME')", 5, {"kernel": 3}, {"kernel": 3, "stride": [1, 2], "padding": "same"}),
    (
        "jax.lax.conv_general_dilated(x, w, (2, 2), [(1, 0), (0, 1)], rhs_dilation=(2, 1))",
        7,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": [[1, 0], [0, 1]], "dilation": [2, 1]},
    ),
    (
        "lax.conv_general_dilated(jnp.ones((1, 8, 9, 3)), jnp.ones((3, 2, 3, 4)), (1, 1), 'VALID', None, None, "  # noqa: ISC004
        "('NHWC', 'HWIO', 'NHWC'))",
        None,
        {},
        {"input": [8, 9], "kernel": [3, 2], "in_channels": 3, "out_channels": 4, "padding": "valid"},
    ),
    (
        "lax.conv_general_dilated(x, w, (1, 1), [(2, 3), (2, 2)], lhs_dilation=(2, 2))",
        3,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "output_padding": [1, 0], **_TURNED},
    ),
    (
        "lax.conv_with_general_padding(x, w, (1,), [(1, 1)], None, (2,))",
        [7],
        {"kernel": 3},
        {"kernel": 3, "padding": 1, "dilation": 2},
    ),
    (
        "lax.conv_transpose(x, w, (2, 2), 'SAME')",
        3,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": "same-jax", **_TURNED},
    ),
    (
        "lax.conv_transpose(x, w, (2, 2), [(1, 1), (1, 1)])",
        3,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": 1, **_TURNED},
    ),
    (
        "lax.conv_transpose(x, w, (2, 2), [(2, 1), (0, 0)], use_consistent_padding=True)",
        3,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": [[2, 1], [0, 0]], **_TURNED},
    ),
    (
        "lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 3), (1, 1, 2, 1), 'VALID')",
        6,
        {},
        {"op": "max_pool", "kernel": [2, 3], "stride": [2, 1], "padding": "valid"},
    ),
    (
        "lax.reduce_window(x, 0., lax.add, (1, 2, 2, 1), (1, 2, 2, 1), 'SAME')",
        5,
        {},
        {"op": "avg_pool", "kernel": 2, "padding": "same", "divisor_override": 1},
    ),
]
ONNX = [
    ('helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[3, 3])', 5, {}, {"kernel": 3}),
    (
        'make_node("Conv", inputs=["x", "w"], outputs=["y"], pads=[0, 1, 2, 3])',
        5,
        {"kernel": 3},
        {"kernel": 3, "padding": [[0, 2], [1, 3]]},
    ),
    (
        'onnx.helper.make_node("Conv", ["x"], ["y"], "name", kernel_shape=[3, 3], auto_pad="SAME_LOWER", strides=[2, 2])',
        5,
        {},
        {"kernel": 3, "padding": "same-lower", "stride": 2},
    ),
    ("y = Conv <kernel_shape = [3, 3], strides = [2, 2]> (x, w)", 5, {}, {"kernel": 3, "stride": 2}),
    (
        '[c1] y = Conv <auto_pad: string = "SAME_UPPER", kernel_shape: ints = [3]> (x, w)',
        [5],
        {},
        {"kernel": 3, "padding": "same-onnx"},
    ),
    ("%y = Conv[auto_pad = 'VALID', kernel_shape = [3, 3]](%x, %w)", 5, {}, {"kernel": 3, "padding": "valid"}),
    ("y = Conv (x, w) <kernel_shape = [3, 3], group = 2>", 5, {}, {"kernel": 3, "groups": 2, "in_channels": 2}),
    (
        "y = ConvTranspose <kernel_shape = [3, 3], strides = [2, 2], output_padding = [1, 0]> (x, w)",
        3,
        {},
        {"kernel": 3, "stride": 2, "output_padding": [1, 0], "transposed": True},
    ),
    (
        "y = ConvTranspose <kernel_shape = [3, 3], strides = [2, 2], output_shape = [7, 6]> (x, w)",
        3,
        {},
        {"kernel": 3, "stride": 2, "output_size": [7, 6], "padding": "same-lower", "transposed": True},
    ),
    (
        'y = ConvTranspose <auto_pad = "SAME_UPPER", kernel_shape = [3], strides = [2]> (x, w)',
        [3],
        {},
        {"kernel": 3, "stride": 2, "padding": "same-onnx", "transposed": True},
    ),
    ("y = MaxPool <kernel_shape = [2, 2]> (x)", 5, {}, {"op": "max_pool", "kernel": 2, "stride": 1}),
    (
        "y, i = MaxPool <kernel_shape = [3, 3], ceil_mode = 1, dilations = [2, 2]> (x)",
        7,
        {},
        {"op": "max_pool", "kernel": 3, "stride": 1, "ceil_mode": True, "dilation": 2},
    ),
    (
        "y = AveragePool <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (x)",
        5,
        {},
        {"op": "avg_pool", "kernel": 3, "stride": 1, "padding": 1, "count_include_pad": False},
    ),
    (
        "y = AveragePool <kernel_shape = [3, 3], count_include_pad = 1> (x)",
        5,
        {},
        {"op": "avg_pool", "kernel": 3, "stride": 1},
    ),
    ("y = GlobalAveragePool (x)", [4, 3], {}, {"op": "avg_pool", "kernel": [4, 3]}),
    ('make_node("GlobalMaxPool", ["x"], ["y"])', 4, {}, {"op": "max_pool", "kernel": 4}),
    ("y = MaxUnpool <kernel_shape = [2, 2], strides = [2, 2]> (x, i)", 3, {}, {"op": "max_unpool", "kernel": 2}),
    (
        'y = Resize <mode = "nearest"> (x, roi, scales)',
        3,
        {"scale_factor": 2},
        {"op": "upsample", "scale_factor": 2, "coordinates": "half-pixel", "rounding": "round-prefer-floor"},
    ),
    (
        'y = Resize <mode = "linear", coordinate_transformation_mode = "align_corners"> (x, roi, scales)',
        3,
        {"output_size": [5, 6]},
        {"op": "upsample", "output_size": [5, 6], "mode": "linear", "align_corners": True},
    ),
    (
        'make_node("Upsample", ["x"], ["y"], mode="nearest", scales=[1., 1., 2., 2.])',
        3,
        {},
        {"op": "upsample", "scale_factor": 2, "coordinates": "asymmetric", "rounding": "floor"},
    ),
]
KERAS = [(*row, fields if "upsample" in fields.values() else {"padding": "valid"} | fields) for *row, fields in KERAS]
LEGAL = [*TORCH, *KERAS, *TENSORFLOW, *JAX, *ONNX]


@pytest.mark.parametrize(("text", "input", "said", "fields"), LEGAL, ids=[row[0] for row in LEGAL])
def test_a_layer_is_the_scene_that_it_says(text, input, said, fields):
    expected = Scene(**({"input": input} | fields))
    assert scene_from_code(text, input, **said) == expected


# text, input, the field that the error names, a word of what it says
REFUSED = [
    ("", 5, "code", "legal is the text of one layer"),
    ("nn.Conv2d(1, 1", 5, "code", "no Python"),
    ("\0", 5, "code", "no Python"),
    ("(" * 5000, 5, "code", "no Python"),
    ("x", 5, "code", "legal is the text of one layer"),
    ("x = 3", 5, "code", "legal is the text of one layer"),
    ("import os", 5, "code", "legal is the text of one layer"),
    ("nn.Conv2d(1, 1, 3); nn.Conv2d(1, 1, 3)", 5, "code", "2 statements"),
    ("layers[0](x)", 5, "code", "legal is the text of one layer"),
    ("nn.Conv2D(1, 1, 3)" * 2000, 5, "code", "characters"),
    ("torch.nn.Conv2D(1, 1, 3)", 5, "code", "did you mean Conv2d?"),
    ("nn.MaxPol2d(2)", 5, "code", "did you mean MaxPool2d?"),
    ("nn.Linear(3, 4)", 5, "code", "slides nothing"),
    ("SeparableConv2D(1, 3)", 5, "code", "two convolutions"),
    ("nn.LPPool2d(2, 3)", 5, "code", "not shown"),
    ("__import__('os').system('echo')", 5, "code", "legal"),
    ("nn.Conv2d(1, 1)", 5, "kernel_size", "missing"),
    ("nn.Conv2d(1, 1, 3, strid=2)", 5, "strid", "did you mean stride?"),
    ("nn.Conv2d(1, 1, 3, kernel_size=3)", 5, "kernel_size", "twice"),
    ("nn.Conv2d(*args)", 5, "code", "*"),
    ("nn.MaxPool2d(1, 1, 0, 1, False, False, 7)", 5, "code", "by position"),
    ("nn.Conv2d(1, 1, k)", 5, "kernel_size", "no literal"),
    ("nn.Conv2d(1, 1, (3, k))", 5, "kernel_size", "no literal"),
    ("nn.Conv2d(1, 1, 2 ** 3)", 9, "kernel_size", "no literal"),
    ("nn.Conv2d(1, 1, 'three')", 5, "kernel_size", "whole number"),
    ("nn.Conv2d(1.5, 1, 3)", 5, "in_channels", "whole number"),
    ("nn.Conv2d(1, 1, 3)", None, "input", "missing"),
    ("nn.Conv2d(1, 1, 3)", [5], "input", "2 axes"),
    ("nn.Conv2d(1, 1, 3, padding='full')", 5, "padding", "legal"),
    ("nn.Conv2d(1, 1, 3, 2, padding='same')", 5, "padding", "stride 1"),
    ("nn.Conv2d(1, 1, 3, padding=-1)", 5, "padding", "legal"),
    ("nn.Conv2d(1, 1, 7)", 5, "kernel", "fits"),
    ("nn.ConvTranspose2d(1, 1, 3, padding_mode='reflect')", 5, "padding_mode", "zeros"),
    ("nn.MaxPool2d(2, padding=2)", 5, "padding", "half the window"),
    ("nn.AdaptiveAvgPool2d(4)", 6, "output_size", "divisors"),
    ("nn.Upsample(scale_factor=2, mode='bicubic')", 5, "mode", "nearest"),
    ("nn.Upsample()", 5, "scale_factor", "missing"),
    ("nn.Upsample(4, 2)", 5, "scale_factor", "beside size"),
    ("F.interpolate(x, scale_factor=2, mode='bilinear', antialias=True)", 5, "antialias", "only"),
    ("F.conv2d(x, w)", 5, "kernel", "give kernel="),
    ("Conv2D(1, 3, activation='relu')", 5, "activation", "only None or linear"),
    ("Conv2D(1, 3, padding='causal')", 5, "padding", "legal"),
    ("Conv2D(1, 3, strides=2, dilation_rate=2)", 9, "dilation_rate", "Keras"),
    ("UpSampling2D(2, interpolation='lanczos3')", 5, "interpolation", "legal"),
    ("nn.Conv(1, (3, 3), mask=m)", 5, "mask", "no literal"),
    ("nn.Conv(1, (3, 3), input_dilation=2)", 5, "padding", "numbers alone"),
    ("nn.ConvTranspose(1, (3, 3), padding=3)", 5, "padding", "legal here is 2"),
    ("lax.conv_general_dilated(x, w, (2, 2), 'SAME', (2, 2))", 5, "kernel", "give kernel="),
    ("lax.reduce_window(x, 0, lax.min, (1, 1, 2, 2))", 5, "computation", "lax.max"),
    ("lax.reduce_window(x, 0, lax.max, (2, 1, 2, 2))", 5, "window_dimensions", "batch"),
    ('y = Conv <kernel_shape = [3, 3], auto_pad = "SAME"> (x, w)', 5, "auto_pad", "legal"),
    ("y = Conv <kernel_shap = [3, 3]> (x, w)", 5, "kernel_shap", "did you mean kernel_shape?"),
    ("y = MaxPool <kernel_shape = [2, 2], pads = [1, 1]> (x)", 5, "pads", "4 numbers"),
    ("y = Relu <alpha = 1> (x)", 5, "code", "legal are"),
    ('y = Resize <mode = "cubic"> (x, r, s)', 5, "mode", "legal"),
    ('y = Resize <mode = "linear"> (x, r, s)', 5, "scale_factor", "give scale_factor="),
]


@pytest.mark.parametrize(("text", "input", "field", "says"), REFUSED, ids=[row[0][:60] for row in REFUSED])
def test_what_is_no_legal_layer_is_refused_in_one_line(text, input, field, says):
    with pytest.raises(SceneError) as error:
        scene_from_code(text, input)
    assert error.value.field == field
    assert says in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_framework_can_be_said_where_names_are_shared():
    flax = scene_from_code("max_pool(x, (2, 2))", 6, framework="flax")
    assert flax.stride == (1, 1)
    with pytest.raises(SceneError, match="framework"):
        scene_from_code("nn.Conv2d(1, 1, 3)", 5, framework="caffe")


def test_the_caller_has_the_last_word():
    assert scene_from_code("nn.Conv2d(1, 1, 3)", 5, padding=2, title="Padded").padding == ((2, 2), (2, 2))


def test_a_hostile_text_takes_no_time():
    for text in ("a, " * 600 + "b = C < (x)", "[" * 1900 + "=", "y = " + "a." * 900 + "(" * 50):
        with pytest.raises(SceneError):
            scene_from_code(text, 5)


@pytest.mark.parametrize("seed", range(150))
def test_a_numpy_script_computes_what_is_recorded(seed):
    scene = random_scene(random.Random(seed))
    output = run(code_for(scene, "numpy"))
    expected = record(scene).output
    assert output.shape == expected.shape
    assert np.array_equal(output, expected)


@pytest.mark.parametrize("framework", ["torch", "keras", "jax", "onnx", "numpy"])
@pytest.mark.parametrize("seed", range(40))
def test_every_script_is_python_that_ends_with_y(framework, seed):
    scene = random_scene(random.Random(seed))
    try:
        code = code_for(scene, framework)
    except SceneError as why:
        assert framework == "keras", why  # noqa: PT017 - the others write all of these
        return
    compile(code, framework, "exec")
    assert code.rstrip().splitlines()[-1].lstrip().startswith(("y ", "y[", "total", "y =", "y."))
    assert max(map(len, code.splitlines())) < 400


def test_a_script_for_no_framework_is_refused():
    with pytest.raises(SceneError, match="did you mean torch"):
        code_for(Scene(5, 3), "torchs")


def test_large_whole_numbers_stay_exact_or_are_refused():
    scene = Scene([3], [2], values={"input": [10**15, 3, 4], "kernel": [10**14, 1]})
    assert run(code_for(scene, "numpy")).tolist() == record(scene).output.tolist()
    with pytest.raises(SceneError, match="PyTorch computes in 64-bit floats"):
        code_for(scene, "torch")


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
