"""`convanim explore`: the interactive page, served from this machine to itself."""

from __future__ import annotations

import logging
import socket
import sys
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

import click

from convanim.cli.scenes import complete_scenes, mapping_of
from convanim.errors import FormatError

_PORT = 8421
_CONNECTIONS = 256


@click.command("explore")
@click.argument("scene", required=False, shell_complete=complete_scenes)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help=f"The port ({_PORT}, or a free one).")
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help="A name by which others may call this host.")
@click.option("--no-browser", is_flag=True, help="Only say the address.")
def command(scene: str | None, host: str, port: int | None, names: tuple[str, ...], no_browser: bool) -> None:
    """Open a page where parameters are changed and the figure answers at once. Ctrl-C ends it.

    \b
    convanim explore
    convanim explore 05a_stamping
    """
    for module in ("starlette", "uvicorn"):
        if find_spec(module) is None:
            raise FormatError(f'explore needs {module}; install it with: pip install "convanim[explore]"')
    from convanim.explore.app import LOCAL, application

    fragment = _fragment(scene) if scene else ""
    listening = _listening(host, port)
    address, taken, *_ = listening.getsockname()
    shown = f"[{address}]" if ":" in address else "127.0.0.1" if address == "0.0.0.0" else address  # noqa: S104 - asked for
    url = f"http://{shown}:{taken}/"
    click.echo(f"{url}  (Ctrl-C ends it)", file=sys.stderr)
    if not no_browser:
        import webbrowser

        webbrowser.open(url + fragment)
    import uvicorn

    config = uvicorn.Config(
        application((*LOCAL, host, *names)),
        log_level="warning",
        server_header=False,
        ws="none",
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    _end_quietly(server)
    server.run(sockets=[listening])


def _end_quietly(server: Any) -> None:
    """Ctrl-C breaks off what is being answered, of which there is nothing to say."""
    end = server.handle_exit

    def end_quietly(number: int, frame: object) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        end(number, frame)

    server.handle_exit = end_quietly


def _fragment(name: str) -> str:
    """The part of the address that says which figure the page begins with."""
    from convanim.catalogue import built_in, built_in_stacks
    from convanim.scene.files import figure_to_toml, read_figure

    _, where, mapping = mapping_of(name)
    text = figure_to_toml(read_figure(mapping, where))
    is_preset = name in {**built_in(), **built_in_stacks()}
    return f"#preset={quote(name)}" if is_preset else f"#text={quote(text)}"


def _listening(host: str, port: int | None) -> socket.socket:
    """A socket at the port, or at a free one if none was asked for. OSError says why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for each in (_PORT, 0) if port is None else (port,):
        # with the protocol named, what it accepts sends at once: else answers wait some 40 ms for each other's receipts
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, each))
            listening.listen(_CONNECTIONS)  # now, so that a browser that is quicker than the server waits for it
        except OSError as fault:
            listening.close()
            if each == 0 or port is not None:
                fault.filename = f"{host}:{each}"
                raise
        else:
            return listening
    raise AssertionError("one of the ports was free or the error was raised")
