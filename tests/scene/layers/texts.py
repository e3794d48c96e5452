"""Texts around a layer, whosever it is."""

# text, input, what else the caller says, the scene's fields
LEGAL: list[tuple] = []

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
]
