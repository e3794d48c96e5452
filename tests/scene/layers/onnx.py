"""ONNX: nodes as people and printers write them."""

# text, input, what else the caller says, the scene's fields
LEGAL = [
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
    (
        'make_node("MaxUnpool", ["x", "i", ""], ["y"], kernel_shape=[2, 2], strides=[2, 2])',
        3,
        {},
        {"op": "max_unpool", "kernel": 2},
    ),
    (
        "y = MaxUnpool <kernel_shape = [2, 2], strides = [2, 2]> (x, i, s)",
        3,
        {"output_size": 7},
        {"op": "max_unpool", "kernel": 2, "output_size": 7},
    ),
]

# text, input, the field that the error names, a word of what it says
REFUSED = [
    ('y = Conv <kernel_shape = [3, 3], auto_pad = "SAME"> (x, w)', 5, "auto_pad", "legal"),
    ("y = Conv <kernel_shap = [3, 3]> (x, w)", 5, "kernel_shap", "did you mean kernel_shape?"),
    ("y = MaxPool <kernel_shape = [2, 2], pads = [1, 1]> (x)", 5, "pads", "4 numbers"),
    ("y = Relu <alpha = 1> (x)", 5, "code", "legal are"),
    ('y = Resize <mode = "cubic"> (x, r, s)', 5, "mode", "legal"),
    ('y = Resize <mode = "linear"> (x, r, s)', 5, "scale_factor", "give scale_factor="),
    ('make_node("MaxUnpool", ["x", "i", "s"], ["y"], kernel_shape=[2, 2])', 3, "output_shape", "got the input s"),
    ("y = MaxUnpool <kernel_shape = [2, 2]> (x, i, s)", 3, "output_shape", "got the input s"),
    ("y = GlobalMaxPool <ignored = 3> (x)", 3, "ignored", "not an argument"),
]
