"""The interactive page: parameters are changed and the figure answers. The engine stays here; the page asks for what it draws."""
