"""Keras: layers as people write them."""

# text, input, what else the caller says, the scene's fields
_WRITTEN = [
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
    (
        "Conv3DTranspose(1, 2, 2, 'valid', None, 1)",
        3,
        {},
        {"kernel": 2, "stride": 2, "padding": "valid-keras", "output_padding": 1, "transposed": True, "dimensions": 3},
    ),
    (
        "Conv2D(1, 3)(inputs=keras.Input((8, 9, 3)), training=False)",
        None,
        {},
        {"input": [8, 9], "in_channels": 3, "kernel": 3},
    ),
]
LEGAL = [
    (*row, fields if "upsample" in fields.values() else {"padding": "valid"} | fields) for *row, fields in _WRITTEN
]

# text, input, the field that the error names, a word of what it says
REFUSED = [
    ("SeparableConv2D(1, 3)", 5, "code", "two convolutions"),
    ("Conv2D(1, 3, activation='relu')", 5, "activation", "only None or linear"),
    ("Conv2D(1, 3, padding='causal')", 5, "padding", "legal"),
    ("Conv2D(1, 3, strides=2, dilation_rate=2)", 9, "dilation_rate", "Keras"),
    ("UpSampling2D(2, interpolation='lanczos3')", 5, "interpolation", "legal"),
    ("Conv2D(1, 3)(x, 3)", 8, "code", "2 arguments by position"),
    ("Conv2D(1, 3)(x, strides=2)", 8, "strides", "not an argument"),
    ("Conv2D(1, 3, input_shape=(8, 8, 1))(keras.Input((8, 8, 3)))", None, "input", "Conv2D takes 1"),
    ("Conv2D(4, 3, groups=2)(keras.Input((8, 8, 3)))", None, "groups", "3"),
    ("UpSampling1D((2,))", 4, "size", "whole number"),
    ("UpSampling2D((2,))", 4, "scale_factor", "legal"),
    ("AveragePooling2D()", 4, "pool_size", "missing"),
    ("AvgPool1D(strides=2)", 4, "pool_size", "missing"),
]
