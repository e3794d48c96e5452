"""Tables of layers as text, one module a framework: the scenes they are, and what is refused."""
