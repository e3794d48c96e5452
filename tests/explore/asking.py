"""Questions to the explorer's application in this process, without a server."""

import asyncio

from httpx import ASGITransport, AsyncClient

from convanim.explore.app import application

HOME = "http://127.0.0.1:8421"


def asked(*questions, app=None, home=HOME):
    """The answers to (method, path, options of httpx) one after another, of one application."""

    async def ask():
        async with AsyncClient(transport=ASGITransport(app or application()), base_url=home) as client:
            return [await client.request(method, path, **options) for method, path, options in questions]

    return asyncio.run(ask())


def get(path, **options):
    """The answer to a GET."""
    return asked(("GET", path, options))[0]


def post(path, question, **options):
    """The answer to a question as JSON."""
    return asked(("POST", path, {"json": question, **options}))[0]
