"""A figure on a slide as a GIF, which moves by itself, or as a video that plays by itself, as often as the figure does."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from convanim.draw.raster import size_of
from convanim.draw.theme import BACKGROUND, Finish
from convanim.formats import Pictured, Said, format_of, gif, module_of, png
from convanim.formats.pptx_markup import plain
from convanim.formats.pptx_package import Deck
from convanim.formats.pptx_slide import add_notes, add_slide, place_of, scale_that_fits
from convanim.formats.pptx_video import play_by_itself


def add_gif(deck: Deck, figure: Pictured) -> None:
    """Add a slide with the figure's GIF."""
    board, finish = figure.board, _sharp(figure)
    picture = BytesIO()
    gif.write(board, finish, figure.note, picture)
    slide = add_slide(deck.made, board, finish)
    _describe(slide.shapes.add_picture(picture, *place_of(size_of(board, finish))), figure)
    add_notes(slide, board)


def add_video(deck: Deck, figure: Pictured) -> None:
    """Add a slide with the figure's MP4, and its first step as what is seen before it plays."""
    board, finish = figure.board, _sharp(figure)._replace(pixel_format="yuv420")  # PowerPoint shows no other
    film = BytesIO()
    module_of(format_of("mp4")).write(board, finish, figure.note, film)
    film.seek(0)
    poster = _of_even_size(next(png.stills(board, finish, [Said(figure.note, board.alternative)])), finish)
    slide = add_slide(deck.made, board, finish)
    with Image.open(poster) as image:
        place = place_of(image.size)
    movie = slide.shapes.add_movie(film, *place, poster_frame_image=poster, mime_type="video/mp4")
    _describe(movie, figure)
    play_by_itself(slide, movie.shape_id, board)
    add_notes(slide, board)


def _sharp(figure: Pictured) -> Finish:
    """The figure's finish, with as many pixels as the slide has, or more if the figure has more."""
    finish = figure.finish
    return finish._replace(scale=max(finish.scale, scale_that_fits(figure.board.size)))


def _describe(picture: Any, figure: Pictured) -> None:
    picture.name = plain(figure.board.title)
    (about,) = picture.element.iterfind("{*}nvPicPr/{*}cNvPr")
    about.set("descr", plain(figure.board.alternative))


def _of_even_size(picture: bytes, finish: Finish) -> BytesIO:
    """A picture as large as a video of it, whose sides are even."""
    stream = BytesIO(picture)
    with Image.open(stream) as image:
        width, height = image.size
        if width % 2 or height % 2:
            ground = Image.new("RGB", (width + width % 2, height + height % 2), finish.theme.fills[BACKGROUND])
            ground.paste(image.convert("RGB"))
            stream = BytesIO()
            ground.save(stream, "PNG")
    stream.seek(0)
    return stream
