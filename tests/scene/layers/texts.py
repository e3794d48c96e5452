"""Texts around a layer, whosever it is."""

# text, input, what else the caller says, the scene's fields
LEGAL = [
    ("import torch\nfrom torch import nn\n\nconv = nn.Conv2d(1, 1, 3)", 5, {}, {"kernel": 3}),
    ("    import torch.nn as nn\n    # the first\n    nn.Conv2d(\n        1, 1, 3)\n", 5, {}, {"kernel": 3}),
    ("    self.conv = nn.Conv2d(\n        1, 1, 3)\n", 5, {}, {"kernel": 3}),
    ("nn.Conv2d(1, 1, (3,) + (2,))", 5, {}, {"kernel": [3, 2]}),
]

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
    ("__import__('os').system('echo')", 5, "code", "legal"),
    ("nn.Conv2d(*args)", 5, "code", "*"),
    ("nn.Conv2d(1, 1, 2 ** 3)", 9, "kernel_size", "no literal"),
    ("import os\nimport torch", 5, "code", "legal is the text of one layer"),
    ("nn.Conv2d(1, 1, 3)\nimport torch", 5, "code", "2 statements"),
    ("nn.Conv2d(1, 1, 3, stride=2, stride=2)", 5, "stride", "given twice"),
    ("nn.ConvTranspose2d(1, 1, 3)(x, output_size=(7, 7), output_size=(7, 7))", 5, "output_size", "given twice"),
    ("y = Conv <group = 1, group = 2> (x, w)", 5, "group", "given twice"),
    ("nn.Conv2d(1, 1, (3,)" + " * 9" * 9 + ")", 5, "kernel_size", "no literal"),
    ("nn.Conv2d(1, 1, (3,) * 9 * 7 + (3, 3))", 5, "kernel_size", "no literal"),
    ("nn.Conv2d(1, 1, " + "(" * 30 + "3" + ",) * 9" * 30 + ")", 5, "kernel_size", "no literal"),
    *(
        (f"{root}.Conv2D(1, 3)", 5, "code", "legal are layers of PyTorch")
        for root in ("hk", "haiku", "paddle.nn", "snt", "sonnet", "mlx.nn")
    ),
    ("import paddle.nn as nn\nnn.Conv2D(1, 1, 3)", 5, "code", "got 'paddle.nn'"),
    ("from mlx import nn\nnn.Conv2d(1, 1, 3)", 5, "code", "got 'mlx'"),
]
