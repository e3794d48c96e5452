"""Malformed, huge and odd requests by the thousand, to a server in a process of its own: no fault, no leak, still serving."""

import http.client
import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest

from convanim.scene import scene_to_dict
from convanim.view_table import VIEWS
from tests.random_scenes import random_scene

REQUESTS, SECONDS, WARM_UP = 3000, 20, 400
MOST_GROWTH = 60  # MB
JSON = {"Content-Type": "application/json"}
OCTETS = {"Content-Type": "application/octet-stream"}
PATHS = (
    "/api/figure",
    "/api/figure",
    "/api/figure",
    "/api/code",
    "/api/layer",
    "/api/file/gif",
    "/api/file/svg",
    "/api/file/png",
)
ODD = (
    None, True, False, -1, 0, 1, 2, 3, 7, 64, 10**9, 10**18, 10**400, -(10**30), 0.5, -0.0, 1e308, 1e-308, "", " ", "5", "x" * 3000,
    "\ud800", "\0", "\u202e", "🙂" * 50, "data:", "data:image/png;base64,AAAA", "/etc/passwd", "../" * 20, [], [[]], {}, [None], [0] * 40,
    {"random": [0, 1]}, {"image": "/etc/passwd"}, {"image": "data:image/png;base64,iVBORw0KGgo="}, {"seed": -1}, [[1, 2], [3]],
    "ramp", "same", "full", ":", "::-1", "0:10", "conv", "numeric", "zh",
)  # fmt: skip
LAYERS = (
    "nn.Conv2d(1, 1, 3, stride=2)",
    "keras.layers.Conv2D(1, 3)",
    "lax.conv_transpose(x, w, (2, 2), 'SAME')",
    "helper.make_node('Conv', [], [])",
)


@contextmanager
def server():
    """The address and the process of a server that runs meanwhile."""
    program = "from convanim.cli import main; main()"
    command = [sys.executable, "-c", program, "explore", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as process:
        try:
            said = process.stderr.readline()
            yield int(said.split("127.0.0.1:")[1].split("/")[0]), process
        finally:
            process.terminate()
            process.said = process.stderr.read()


def resident(process):
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def mutated(rng, value, depth=0):
    """A legal question with one thing or several that are not."""
    if rng.random() < 0.12 or depth > 6:
        return rng.choice(ODD)
    if isinstance(value, dict):
        made = {name: mutated(rng, each, depth + 1) if rng.random() < 0.35 else each for name, each in value.items()}
        if made and rng.random() < 0.1:
            del made[rng.choice(list(made))]
        if rng.random() < 0.1:
            made[rng.choice(("scenes", "layers", "values", "view", "image", "x", "\ud800", "timing", ""))] = rng.choice(
                ODD
            )
        if rng.random() < 0.03:
            made = {"scenes": [made] * rng.randint(0, 6)}
        if rng.random() < 0.03:
            made = {"input": 5, "layers": [made] * rng.randint(0, 20)}
        return made
    if isinstance(value, list):
        return [mutated(rng, each, depth + 1) for each in value] * rng.choice((1, 1, 1, 0, 2, 50))
    return rng.choice(ODD) if rng.random() < 0.5 else value


def broken(rng, data):
    """The bytes with some changed, cut off, doubled or moved."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(5):
            case 0:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del data[at:]
            case 2:
                data[at:at] = data[:at][-200:]
            case 3:
                data[at:at] = rng.choice(
                    (b"[", b"{", b"[" * 5000, b'"', b"NaN", b"1e999", b"9" * 5000, b"\xff", b"\\ud800")
                )
            case _:
                data[at : at + rng.randint(1, 20)] = b""
        data = data or bytearray(b" ")
    return bytes(data)


def question(rng, scenes):
    scene = rng.choice(scenes)
    asked = {"scene": scene, "framework": rng.choice(("torch", "numpy", "x")), "dark": True}
    if rng.random() < 0.2:
        return {"code": rng.choice(LAYERS), "input": rng.choice((5, [5, 7], "x", None))}
    if rng.random() < 0.3:
        text = broken(rng, json.dumps(scene).encode()).decode("utf-8", "surrogateescape")
        return {"text": text}
    return asked


def request(rng, scenes):
    """A method, a path, a body and headers."""
    body = json.dumps(mutated(rng, question(rng, scenes))).encode()
    if rng.random() < 0.3:
        body = broken(rng, body)
    kind = rng.random()
    if kind < 0.05:
        return (
            "POST",
            f"/api/picture?size={rng.choice(('4x4', '256x256', '0x0', 'x', '9' * 5000))}",
            rng.randbytes(rng.randint(0, 9000)),
            OCTETS,
        )
    if kind < 0.10:
        return (
            rng.choice(("GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "BREW")),
            rng.choice((*PATHS, "/", "/explore.js")),
            body,
            JSON,
        )
    if kind < 0.15:
        path = rng.choice(
            (
                "/" + "a" * 5000,
                "/api/file/%00",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/api/file/../../x",
                "/api//figure",
                "/?" + "x" * 9000,
                "//",
                "/api/file/%C3%A9",
            )
        )
        return "POST", path, body, JSON
    if kind < 0.20:
        odd = rng.choice(
            (
                {"Host": "example.org"},
                {"Content-Type": "text/plain"},
                {"Accept-Encoding": "gzip, x;q=é"},
                {"X": "y" * 20_000},
                {"Content-Type": "application/json; charset=x"},
            )
        )
        return "POST", rng.choice(PATHS), body, JSON | odd
    if kind < 0.21:
        return "POST", rng.choice(PATHS), b" " * rng.choice((2**20 + 1, 2**21)) + body, JSON
    return "POST", rng.choice(PATHS), body, JSON


def pieces(rng, body):
    """A body in chunks, as those send it who do not know how long it is."""
    for at in range(0, len(body), 1 + len(body) // 5):
        yield body[at : at + 1 + len(body) // 5]
    if rng.random() < 0.2:
        yield b" "


def answered(rng, port, method, path, body, headers):
    """The status of an answer; 0 if the server hung up, as it may on who sends too much."""
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        is_chunked = rng.random() < 0.15
        there.request(method, path, pieces(rng, body) if is_chunked else body, headers)
        answer = there.getresponse()
        answer.read()
    except (ConnectionError, http.client.RemoteDisconnected):
        return 0
    else:
        return answer.status
    finally:
        there.close()


RAW = (
    b"", b"\0" * 4000, b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", b"POST /api/figure HTTP/1.1\r\nHost: localhost\r\n",
    b"POST /api/figure HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    b"POST /api/figure HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n{}",
    b"POST /api/figure HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET http://example.org/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: eA==\r\n\r\n",
)  # fmt: skip


def say(port, data):
    """The first line of what is answered to bytes that need not be a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as there:
        try:
            there.sendall(data)
            there.shutdown(socket.SHUT_WR)
            return there.recv(2000).partition(b"\r\n")[0]
        except ConnectionError:
            return b""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="counts memory as Linux does")
def is_varied(seen):
    """Whether each kind of answer was given a few times."""
    return min(seen.get(status, 0) for status in (200, 400, 404, 405, 415, 422)) > 5


def test_thousands_of_odd_requests_are_answered_without_a_fault_or_a_leak():
    rng, started, seen = Random("fuzz"), monotonic(), {}
    scenes = [scene_to_dict(random_scene(f"fuzz {number}", kind)) for number in range(6) for kind in VIEWS]
    warm = 0
    with server() as (port, process):
        for number in range(REQUESTS):
            if monotonic() - started > SECONDS and is_varied(seen) and sum(seen.values()) > 2 * WARM_UP:
                break
            method, path, body, headers = request(rng, scenes)
            status = answered(rng, port, method, path, body, headers)
            assert status in {0, 200, 400, 404, 405, 413, 415, 422}, (status, method, path[:80], body[:2000], headers)
            seen[status] = seen.get(status, 0) + 1
            if number % 40 == 0:
                line = say(port, rng.choice(RAW))
                assert b" 500 " not in line
            if number == WARM_UP:
                warm = resident(process)
        grown = resident(process) - warm
        body = json.dumps({"scene": {"input": 5, "kernel": 3}})
        assert answered(rng, port, "POST", "/api/figure", body.encode(), JSON) == 200
        assert process.poll() is None
        sleep(0.1)
    assert sum(seen.values()) > 2 * WARM_UP
    assert is_varied(seen), seen
    assert warm
    assert grown < MOST_GROWTH
    assert "Traceback" not in process.said, process.said[-3000:]
