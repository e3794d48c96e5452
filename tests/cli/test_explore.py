"""`convanim explore`: where it listens, to which names it answers, what it says, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from urllib.parse import unquote

import httpx
import pytest

from convanim import load_figure
from convanim.catalogue import built_in, built_in_stacks
from convanim.scene import parse_scene


@contextmanager
def exploring(*words, port=0):
    """A server that runs meanwhile, and the address that it says."""
    program = "from convanim.cli import main; main()"
    command = [sys.executable, "-c", program, "explore", "--port", str(port), *words]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "BROWSER": "true"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            said = process.stderr.readline()
            process.address = re.match(r"(http://\S+:\d+/)  \(Ctrl-C ends it\)$", said)[1]
            yield process
        finally:
            process.kill()


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def listening(port):
    """The addresses on which this machine listens at a port, as Linux has them: hexadecimal."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as lines:  # noqa: PTH123
            rows = [line.split() for line in lines][1:]
        found |= {row[1].split(":")[0] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
    return found


def status(address, **headers):
    return httpx.get(address, headers=headers).status_code


def test_it_says_its_address_to_standard_error_and_serves_there():
    port = free_port()
    with exploring("--no-browser", port=port) as process:
        assert process.address == f"http://127.0.0.1:{port}/"
        assert "<title>" in httpx.get(process.address).text
        assert httpx.post(process.address + "api/figure", json={"scene": {"input": 5, "kernel": 3}}).status_code == 200
        assert "server" not in httpx.get(process.address).headers


@pytest.mark.skipif(not os.path.exists("/proc/net/tcp"), reason="asks Linux")  # noqa: PTH110
def test_it_listens_to_this_machine_alone():
    with exploring("--no-browser") as process:
        assert listening(int(process.address.split(":")[2].strip("/"))) == {"0100007F"}


def test_to_all_addresses_it_answers_only_by_its_names():
    with exploring("--no-browser", "--host", "0.0.0.0", "--allow-host", "Lab.example.org") as process:  # noqa: S104
        assert process.address.startswith("http://127.0.0.1:")
        assert status(process.address) == 200
        assert status(process.address, host="lab.example.org:8421") == 200
        assert status(process.address, host="example.org") == 400
        assert status(process.address, host="www.lab.example.org") == 400
        own = socket.gethostbyname("localhost")
        assert status(process.address, host=f"{own}:1") == 200


def test_it_listens_at_addresses_of_the_sixth_version():
    try:
        with socket.socket(socket.AF_INET6) as some:
            some.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has none")
    with exploring("--no-browser", "--host", "::1") as process:
        assert process.address.startswith("http://[::1]:")
        assert status(process.address) == 200
        assert status(process.address, host="example.org") == 400


@pytest.mark.parametrize(
    ("sent", "code", "said"), [(signal.SIGINT, 130, "\nconvanim: stopped\n"), (signal.SIGTERM, 143, "")]
)
def test_it_ends_without_a_traceback(sent, code, said):
    with exploring("--no-browser") as process:
        assert status(process.address) == 200
        process.send_signal(sent)
        assert process.wait(10) == code
        assert process.stdout.read() == ""
        assert process.stderr.read() == said


def test_it_ends_though_somebody_is_connected_and_says_nothing():
    with exploring("--no-browser") as process:
        port = int(process.address.split(":")[2].strip("/"))
        with socket.create_connection(("127.0.0.1", port)) as silent:
            silent.sendall(
                b"POST /api/figure HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
            )
            assert status(process.address) == 200
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
        assert process.stderr.read() == "\nconvanim: stopped\n"


def test_a_port_that_is_taken_is_said_in_a_line(convanim):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = convanim("explore", "--no-browser", "--port", port)
    assert (run.code, run.out, run.err) == (1, b"", [f"convanim: 127.0.0.1:{port}: address already in use"])


def test_without_a_port_a_free_one_is_taken():
    program = "from convanim.cli import main; main()"
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", 8421))
            other.listen()
        except OSError:
            pass  # taken by somebody else, which will do
        command = [sys.executable, "-c", program, "explore", "--no-browser"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            address = process.stderr.readline().split()[0]
            assert not address.endswith(":8421/")
            assert status(address) == 200
            process.kill()


@pytest.mark.parametrize("module", ["starlette", "uvicorn"])
def test_without_its_extra_the_install_command_is_said(convanim, monkeypatch, module):
    monkeypatch.setattr(
        "convanim.cli.explore_command.find_spec", lambda name: None if name == module else find_spec(name)
    )
    run = convanim("explore", "--no-browser")
    said = f'convanim: explore needs {module}; install it with: pip install "convanim[explore]"'
    assert (run.code, run.out, run.err) == (2, b"", [said])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing_of_that_name",), "nothing_of_that_name: no such scene file and no built-in scene of that name"),
        (("wrong.toml",), "wrong.toml: kernel: got 9"),
        (("--port", "70000"), "--port"),
        (("--port", "x"), "--port"),
        (("dilation", "padding_strides"), "padding_strides"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_served(convanim, tmp_path, words, said):
    (tmp_path / "wrong.toml").write_text("input = 3\nkernel = 9\n")
    run = convanim("explore", "--no-browser", *words)
    assert (run.code, run.out, len(run.err)) == (2, b"", 1)
    assert said in run.err[0]


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7", "300.1.1.1"])
def test_an_address_that_is_none_of_this_machine_is_said(convanim, host):
    run = convanim("explore", "--no-browser", "--host", host)
    assert (run.code, len(run.err)) == (1, 1)
    assert run.err[0].startswith(f"convanim: {host}:")


@pytest.fixture
def opened(monkeypatch):
    """The addresses that a browser is sent to; nothing is served."""
    found = []
    monkeypatch.setattr("webbrowser.open", found.append)
    monkeypatch.setattr("uvicorn.Server.run", lambda _server, sockets: [each.close() for each in sockets])
    return found


def test_the_browser_is_sent_to_the_figure(convanim, opened, tmp_path):
    (tmp_path / "mine.toml").write_text('input = 4\nkernel = 3\ntitle = "a & b#c ü"\n')
    stack = next(iter(built_in_stacks()))
    for name in (None, "dilation", stack, "mine.toml"):
        run = convanim("explore", *([name] if name else []), "--port", 0)
        assert run.code == 0, run.err
    plain, preset, stacked, text = (address.partition("/#")[2] for address in opened)
    assert opened[0].endswith("/")
    assert (plain, preset, stacked) == ("", "preset=dilation", f"preset={stack}")
    assert re.fullmatch(r"text=[\w.~/%-]+", text)
    assert parse_scene(unquote(text.removeprefix("text="))) == load_figure(tmp_path / "mine.toml")
    assert "dilation" in built_in()


def test_no_browser_is_opened_unasked(convanim, opened):
    assert convanim("explore", "--no-browser", "--port", 0).code == 0
    assert opened == []
