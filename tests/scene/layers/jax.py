"""JAX and Flax: functions and layers as people write them."""

# text, input, what else the caller says, the scene's fields
_TURNED = {"transposed": True, "flip": True}
LEGAL = [
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

# text, input, the field that the error names, a word of what it says
REFUSED = [
    ("nn.Conv(1, (3, 3), mask=m)", 5, "mask", "no literal"),
    ("nn.Conv(1, (3, 3), input_dilation=2)", 5, "padding", "numbers alone"),
    ("nn.ConvTranspose(1, (3, 3), padding=3)", 5, "padding", "legal here is 2"),
    ("lax.conv_general_dilated(x, w, (2, 2), 'SAME', (2, 2))", 5, "kernel", "give kernel="),
    ("lax.reduce_window(x, 0, lax.min, (1, 1, 2, 2))", 5, "computation", "lax.max"),
    ("lax.reduce_window(x, 0, lax.max, (2, 1, 2, 2))", 5, "window_dimensions", "batch"),
]
