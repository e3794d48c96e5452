"""What stands before the explorer's answers: headers on all of them, bounded bodies, and few renders at once."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

from starlette.datastructures import Headers as Given
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convanim.scene.files import without_repeats

T = TypeVar("T")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


_LOOKS_AFTER = 0.2  # seconds between looks whether somebody still waits
_BUSY = "too many figures are being drawn; try again in a moment"


class RefusedError(Exception):
    """A request that is answered with a status and a reason."""

    def __init__(self, status: int, reason: str) -> None:
        self.status, self.reason = status, reason
        super().__init__(reason)


class Headers:
    """Middleware that gives every answer the headers that keep other pages and other scripts away from it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Hosts:
    """Middleware that answers requests alone that call this host by one of its names, whatever the port.

    A foreign page whose name is made to lead here (DNS rebinding) calls it by its own. `*.example.org` stands for all names
    that end so, `*` for any.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app, self._names = app, {name.lower().strip("[]") for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._knows(Given(scope=scope).getlist("host")):
            await self._app(scope, receive, send)
        else:
            legal = "legal are the names of this machine; --allow-host adds one"
            await answer({"reason": f"not a name of this host; {legal}", "problems": []}, 400)(scope, receive, send)

    def _knows(self, said: list[str]) -> bool:
        named = (
            re.fullmatch(r"(?:\[([0-9a-f:.]+)\]|([^\s:/\[\]]+))(?::\d*)?", said[0].lower()) if len(said) == 1 else None
        )
        if named is None:
            return False
        name = named[1] or named[2]
        ends = ["*" + name[at:] for at, character in enumerate(name) if character == "."]
        return not self._names.isdisjoint((name, "*", *ends))


class Slots:
    """So many renders at once, so many more may wait; beyond that a request is told to come again."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._slots, self._room, self._seconds = asyncio.Semaphore(at_once), at_once + waiting, seconds

    async def run(self, work: Callable[[], T], has_left: Callable[[], Awaitable[bool]] | None = None) -> T:
        """The result of work, which is done in a thread. RefusedError if there is no room or it takes too long.

        Work that takes too long goes on in its thread, and its slot is taken until it ends; what has not begun by then, or
        when who asked `has_left`, never begins.
        """
        if self._room < 1:
            raise RefusedError(429, _BUSY)
        self._room -= 1
        has_begun = asyncio.Event()
        task = asyncio.create_task(self._run(work, has_begun))
        task.add_done_callback(self._give_back)
        try:
            return await self._waited(task, has_begun, has_left)
        finally:
            if not has_begun.is_set():
                task.cancel()

    async def _run(self, work: Callable[[], T], has_begun: asyncio.Event) -> T:
        async with self._slots:
            has_begun.set()
            return await _in_thread(work)

    async def _waited(
        self, task: asyncio.Task[T], has_begun: asyncio.Event, has_left: Callable[[], Awaitable[bool]] | None
    ) -> T:
        now = asyncio.get_running_loop().time
        end = now() + self._seconds
        while not task.done():
            if now() >= end:
                if has_begun.is_set():
                    said = f"that takes longer than {self._seconds:g} seconds; the command line waits for it"
                    raise RefusedError(413, said)
                raise RefusedError(429, _BUSY)
            if has_left is not None and not has_begun.is_set() and await has_left():
                raise RefusedError(408, "nobody waits for it")
            await asyncio.wait([task], timeout=min(_LOOKS_AFTER, max(end - now(), 0)))
        return task.result()

    def _give_back(self, task: asyncio.Task[Any]) -> None:
        """There is room again. What a task raises that nobody waits for any more is not told."""
        self._room += 1
        if not task.cancelled():
            task.exception()


async def _in_thread(work: Callable[[], T]) -> T:
    """The result of work in a thread that a process which ends does not wait for, as it does for `asyncio.to_thread`'s."""
    result: Future[T] = Future()

    def do() -> None:
        if not result.set_running_or_notify_cancel():
            return
        try:
            made = work()
        except BaseException as fault:  # noqa: BLE001 - whatever it is, it is for whoever waits
            result.set_exception(fault)
        else:
            result.set_result(made)

    Thread(target=do, daemon=True).start()
    return await asyncio.wrap_future(result)


async def body(request: Request, most: int, what: str = "request") -> bytes:
    """A request's body. RefusedError if it is longer than that, or if who sends it leaves before its end."""
    parts, length = [], 0
    try:
        async for part in request.stream():
            parts.append(part)
            length += len(part)
            if length > most:
                raise RefusedError(413, f"the {what} is longer than {most:,} bytes")
    except ClientDisconnect:
        raise RefusedError(408, "the request has no end") from None
    return b"".join(parts)


async def json_body(request: Request, most: int) -> dict[str, Any]:
    """A request's body as an object. RefusedError if it is none.

    Another site's page cannot send JSON here without asking first, which is never granted.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "legal is application/json")
    data = await body(request, most)
    try:
        mapping = json.loads(data, parse_constant=_no_number, object_pairs_hook=without_repeats)
    except (ValueError, RecursionError):
        raise RefusedError(400, "the request is not JSON, or says something twice") from None
    if not isinstance(mapping, dict):
        raise RefusedError(400, "the request is no object")
    return mapping


def answer(mapping: Any, status: int = 200) -> Response:
    """An answer as JSON in ASCII, which can hold whatever a title can."""
    return Response(json.dumps(mapping, separators=(",", ":"), allow_nan=False), status, media_type="application/json")


def _no_number(text: str) -> float:
    raise ValueError(text)
