"""The explorer as an application: its page, what the page is made of, and the answers to what it asks."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from convanim.errors import FormatError, SceneError
from convanim.explore import answers
from convanim.explore.guard import Headers, Hosts, RefusedError, Slots, answer, body, json_body
from convanim.formats import DECKS, FORMATS
from convanim.formats.scripts import explorer_page, player

_WEB = Path(__file__).parent.parent / "web"
_PAGE = {"/": ("explore.html", "text/html"), "/explore.css": ("explore.css", "text/css")}
_SCRIPTS = {"/explore.js": explorer_page, "/player.js": player}
_MOST_BYTES, _MOST_UPLOADED = 2**20, 2**23
_WAITING, _SECONDS = 16, 30.0
_KEEPS_IT_SMALL = 1000
LOCAL = ("localhost", "127.0.0.1", "::1")

Answer = Callable[[Request], Awaitable[Response]]


def application(hosts: Iterable[str] = LOCAL, *, at_once: int | None = None, seconds: float = _SECONDS) -> ASGIApp:
    """The application, which answers to these names of its host alone, and draws so many figures at once."""
    slots = Slots(at_once or min(os.cpu_count() or 1, 4), _WAITING, seconds)
    work: dict[str, Callable[[Mapping[str, Any]], answers.Answer]] = {
        "figure": answers.figure,
        "code": answers.code,
        "layer": answers.layer,
    }
    routes = [
        *(Route(path, partial(_sent, name, kind)) for path, (name, kind) in _PAGE.items()),
        *(Route(path, partial(_sent_script, made)) for path, made in _SCRIPTS.items()),
        Route("/api/start", _said(lambda _request: slots.run(answers.start))),
        *(Route(f"/api/{name}", _said(partial(_worked, slots, made)), methods=["POST"]) for name, made in work.items()),
        Route("/api/picture", _said(partial(_pictured, slots)), methods=["POST"]),
        Route("/api/file/{suffix}", partial(_downloaded, slots), methods=["POST"]),
    ]
    middleware = [
        Middleware(Hosts, names=list(hosts)),
        Middleware(GZipMiddleware, minimum_size=_KEEPS_IT_SMALL, compresslevel=6),
    ]
    return Headers(Starlette(routes=routes, middleware=middleware))  # around all, also around what goes wrong


async def _sent(name: str, kind: str, _request: Request) -> Response:
    return Response((_WEB / name).read_bytes(), media_type=kind)


async def _sent_script(made: Callable[[], str], _request: Request) -> Response:
    return Response(made(), media_type="text/javascript")


def _said(make: Callable[[Request], Awaitable[Any]]) -> Answer:
    """What is made of a request as JSON, or what is wrong with it."""

    async def respond(request: Request) -> Response:
        try:
            return answer(await make(request))
        except (SceneError, FormatError, RefusedError) as fault:
            return _wrong(fault)

    return respond


async def _worked(
    slots: Slots, made: Callable[[Mapping[str, Any]], answers.Answer], request: Request
) -> answers.Answer:
    asked = await json_body(request, _MOST_BYTES)
    return await slots.run(partial(made, asked), request.is_disconnected)


async def _pictured(slots: Slots, request: Request) -> answers.Answer:
    if request.headers.get("content-type") != "application/octet-stream":
        raise RefusedError(415, "legal is application/octet-stream")
    size = [
        int(each) if each.isdecimal() and len(each) < 6 else 0
        for each in request.query_params.get("size", "").split("x")
    ]
    data = await body(request, _MOST_UPLOADED, "picture")
    return await slots.run(partial(answers.picture, data, size), request.is_disconnected)


async def _downloaded(slots: Slots, request: Request) -> Response:
    suffix = request.path_params["suffix"]
    row = FORMATS.get(suffix) or DECKS.get(suffix)
    if row is None:
        return _wrong(RefusedError(404, "no such format"))
    try:
        asked = await json_body(request, _MOST_BYTES)
        data = await slots.run(partial(answers.file, asked, suffix), request.is_disconnected)
    except (SceneError, FormatError, RefusedError) as fault:
        return _wrong(fault)
    name = {"Content-Disposition": f'attachment; filename="figure.{suffix}"'}
    return Response(data, media_type="application/octet-stream", headers=name)


def _wrong(fault: SceneError | FormatError | RefusedError) -> Response:
    """An answer that says what is wrong: a status, a reason, and of a scene each field with what would be legal."""
    if isinstance(fault, RefusedError):
        return answer({"reason": fault.reason, "problems": []}, fault.status)
    problems = [each._asdict() for each in fault.problems] if isinstance(fault, SceneError) else []
    return answer({"reason": str(fault), "problems": problems}, 422)
