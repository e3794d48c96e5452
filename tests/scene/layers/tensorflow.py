"""TensorFlow: functions of tf.nn as people write them."""

# text, input, what else the caller says, the scene's fields
LEGAL = [
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

# text, input, the field that the error names, a word of what it says
REFUSED = []
