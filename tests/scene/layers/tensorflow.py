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
    (
        "tf.nn.conv1d(x, w, stride=2, padding='SAME')",
        5,
        {"kernel": 3},
        {"kernel": 3, "stride": 2, "padding": "same", "dimensions": 1},
    ),
    (
        "tf.nn.conv2d(tf.ones((1, 8, 8, 4)), tf.ones((3, 3, 2, 6)), 1, 'SAME')",
        None,
        {},
        {"input": 8, "kernel": 3, "padding": "same", "in_channels": 4, "out_channels": 6, "groups": 2},
    ),
    (
        "tf.nn.conv2d(x, tf.ones((3, 3, 2, 6)), 1, 'SAME')",
        8,
        {"in_channels": 4},
        {"kernel": 3, "padding": "same", "in_channels": 4, "out_channels": 6, "groups": 2},
    ),
    (
        "tf.nn.depthwise_conv2d(x, filter=w, strides=[1, 1, 1, 1], padding='SAME')",
        5,
        {"kernel": 3},
        {"kernel": 3, "padding": "same"},
    ),
    (
        "tf.nn.conv2d_transpose(tf.ones((1, 4, 4, 3)), tf.ones((3, 3, 2, 3)), (1, 8, 8, 2), 2)",
        None,
        {},
        {
            "input": 4,
            "kernel": 3,
            "stride": 2,
            "padding": "same-tensorflow",
            "output_size": 8,
            "in_channels": 3,
            "out_channels": 2,
            "transposed": True,
        },
    ),
]

# text, input, the field that the error names, a word of what it says
REFUSED = [
    ("tf.nn.conv1d(x, w, strides=2, padding='SAME')", 5, "strides", "did you mean stride?"),
    ("tf.nn.conv1d(x, w, 2)", 5, "padding", "missing"),
    ("tf.nn.depthwise_conv2d(x, filters=w, strides=1, padding='SAME')", 5, "filters", "did you mean filter?"),
    ("tf.nn.conv2d(tf.ones((1, 8, 8, 3)), tf.ones((3, 3, 2, 6)), 1, 'SAME')", None, "input", "3 channels"),
    ("tf.nn.conv2d(tf.ones((1, 8, 8, 4)), tf.ones((3, 3, 2, 5)), 1, 'SAME')", None, "groups", "5"),
    (
        "tf.nn.conv2d_transpose(tf.ones((1, 4, 4, 4)), tf.ones((3, 3, 2, 2)), (1, 8, 8, 2), 2)",
        None,
        "input",
        "conv2d_transpose takes 2",
    ),
    (
        "tf.nn.depthwise_conv2d(tf.ones((1, 4, 4, 4)), tf.ones((3, 3, 2, 2)), [1, 1, 1, 1], 'SAME')",
        None,
        "input",
        "depthwise_conv2d takes 2",
    ),
    ("tf.nn.conv2d(x, w, 1, 'same')", 5, "padding", "'VALID' or 'SAME'"),
]
