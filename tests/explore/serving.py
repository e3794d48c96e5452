"""The explorer served on a free port of this machine, for tests."""

import socket
from contextlib import contextmanager
from threading import Thread
from time import sleep

import uvicorn

from convanim.explore.app import application


@contextmanager
def served(**settings):
    """The address of a server that runs meanwhile."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(**settings), log_level="error", ws="none"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join()
