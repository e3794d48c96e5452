"""The display list and what turns it into pictures: storyboard, themes, text, rasterising."""
