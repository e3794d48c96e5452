"""What stands before the explorer's answers: headers on all of them, bounded bodies, and few renders at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class Slots:
    """So many renders at once, so many more may wait; beyond that a request is told to come again."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._slots, self._free, self._seconds = asyncio.Semaphore(at_once), at_once + waiting, seconds

    async def run(self, work: Callable[[], T]) -> T:
        """The result of work, which is done in a thread. RefusedError if there is no room or it takes too long.

        Work that takes too long goes on in its thread, and its slot is taken until it ends.
        """
        if self._free < 1:
            raise RefusedError(429, "too many figures are being drawn; try again in a moment")
        self._free -= 1
        task = asyncio.create_task(self._run(work))
        try:
            return await asyncio.wait_for(asyncio.shield(task), self._seconds)
        except TimeoutError:
            task.add_done_callback(_forget)
            raise RefusedError(
                413, f"that takes longer than {self._seconds:g} seconds; the command line waits for it"
            ) from None

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            async with self._slots:
                return await asyncio.to_thread(work)
        finally:
            self._free += 1


def _forget(task: asyncio.Task[Any]) -> None:
    """Nobody waits for the task any more: what it raises is not told."""
    if not task.cancelled():
        task.exception()


async def body(request: Request, most: int) -> bytes:
    """A request's body. RefusedError if it is longer than that."""
    parts, length = [], 0
    async for part in request.stream():
        parts.append(part)
        length += len(part)
        if length > most:
            raise RefusedError(413, f"the request is longer than {most:,} bytes")
    return b"".join(parts)


async def json_body(request: Request, most: int) -> dict[str, Any]:
    """A request's body as an object. RefusedError if it is none.

    Another site's page cannot send JSON here without asking first, which is never granted.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "legal is application/json")
    data = await body(request, most)
    try:
        mapping = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RefusedError(400, "the request is not JSON") from None
    if not isinstance(mapping, dict):
        raise RefusedError(400, "the request is no object")
    return mapping


def answer(mapping: Any, status: int = 200) -> Response:
    """An answer as JSON in ASCII, which can hold whatever a title can."""
    return Response(json.dumps(mapping, separators=(",", ":"), allow_nan=False), status, media_type="application/json")


def _no_number(text: str) -> float:
    raise ValueError(text)
