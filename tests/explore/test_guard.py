"""What stands before the answers: names of the host, headers, sizes of requests, JSON and nothing else, few renders at once."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from functools import partial
from time import sleep

import httpx
import pytest
from httpx import ASGITransport, AsyncClient

from convanim.explore import answers
from convanim.explore.app import application
from convanim.explore.guard import RefusedError, Slots
from tests.explore.asking import HOME, asked, get, post
from tests.explore.serving import served

SCENE = {"input": 5, "kernel": 3}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
PATHS = ("/", "/explore.css", "/explore.js", "/player.js", "/api/start")


@pytest.mark.parametrize(
    "name",
    ["127.0.0.1", "localhost", "localhost:8421", "LocalHost:1", "127.0.0.1:65535", "[::1]", "[::1]:8421", "localhost:"],
)
def test_this_machine_is_answered_by_its_own_names(name):
    assert get("/", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["example.org", "example.org:8421", "127.0.0.1.example.org", "localhost.example.org", "xlocalhost", "[::2]", "[::1", "::1",
     "127.0.0.1@example.org", "localhost/x", "", " ", "localhost:80:80", "localhost:x", "0.0.0.0", "*"],  # noqa: S104
)  # fmt: skip
def test_foreign_names_are_refused_whatever_is_asked(name):
    for path in (*PATHS, "/api/figure"):
        answer = get(path, headers={"Host": name})
        assert answer.status_code == 400
        assert answer.json()["problems"] == []


@pytest.mark.parametrize(
    "names", [("localhost", "example.org"), ("localhost", "localhost"), ("example.org", "localhost")]
)
def test_a_request_that_names_its_host_twice_is_refused(names):
    headers = [("Host", name) for name in names]
    answer = get("/", headers=headers)
    assert answer.request.headers.get_list("host") == list(names)
    assert answer.status_code == 400


def test_other_names_are_answered_when_they_are_allowed():
    allowed = application(("localhost", "Lab.Example.org", "::1", "[fe80::1]", "*.local"))
    names = {
        "lab.example.org:8421": 200, "LAB.example.org": 200, "[::1]:1": 200, "[fe80::1]:1": 200, "this.local": 200,
        "a.b.local": 200, "local": 400, "notlocal": 400, "example.org": 400, "x.lab.example.org": 400, "127.0.0.1": 400,
    }  # fmt: skip
    said = asked(*(("GET", "/", {"headers": {"Host": name}}) for name in names), app=allowed)
    assert dict(zip(names, (each.status_code for each in said), strict=True)) == names
    assert asked(("GET", "/", {"headers": {"Host": "any.thing"}}), app=application(("*",)))[0].status_code == 200


def refusals():
    """One answer of every kind, by its status."""
    huge = {"content": b" " * (2**20 + 1), "headers": {"Content-Type": "application/json"}}
    octets = {"Content-Type": "application/octet-stream"}
    return asked(
        *(("GET", path, {}) for path in PATHS),
        ("POST", "/api/figure", {"json": {"scene": SCENE}}),
        ("POST", "/api/figure", {"json": {"scene": {}}}),
        ("POST", "/api/figure", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
        ("POST", "/api/figure", {"content": b"{}"}),
        ("POST", "/api/figure", huge),
        ("POST", "/api/picture?size=4x4", {"content": b"no picture", "headers": octets}),
        ("POST", "/api/file/gif", {"json": {"scene": SCENE}}),
        ("POST", "/api/file/exe", {"json": {"scene": SCENE}}),
        ("GET", "/api/figure", {}),
        ("DELETE", "/", {}),
        ("OPTIONS", "/api/figure", {"headers": {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}}),
        ("GET", "/nothing", {}),
        ("GET", "/../../pyproject.toml", {}),
        ("GET", "/", {"headers": {"Host": "example.org"}}),
    )  # fmt: skip


def test_every_answer_has_its_headers():
    said = refusals()
    assert {each.status_code for each in said} == {200, 400, 404, 405, 413, 415, 422}
    for answer in said:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.url
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert (
            policy["default-src"]
            == policy["frame-ancestors"]
            == policy["base-uri"]
            == policy["form-action"]
            == "'none'"
        )
        assert policy["script-src"] == policy["connect-src"] == "'self'"
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_fault_of_ours_has_its_headers_too(monkeypatch):
    monkeypatch.setattr(answers, "figure", lambda _asked: 1 / 0)

    async def ask():
        transport = ASGITransport(application(), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=HOME) as client:
            return await client.post("/api/figure", json={"scene": SCENE})

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "ZeroDivisionError" not in answer.text


def test_the_page_has_no_script_within_and_names_only_what_is_served():
    page = get("/").text
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert not re.search(r"\son\w+=", page)
    for source in re.findall(r'(?:src|href)="([^"#]+)"', page):
        assert source.startswith("data:") or get("/" + source.lstrip("./")).status_code == 200, source


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", None]
)
def test_what_another_sites_page_can_send_unasked_is_refused(kind):
    headers = {} if kind is None else {"Content-Type": kind}
    question = {"content": json.dumps({"scene": SCENE, "framework": "torch"}).encode(), "headers": headers}
    for path in ("/api/figure", "/api/code", "/api/layer", "/api/file/gif", "/api/picture?size=2x2"):
        assert asked(("POST", path, question))[0].status_code == 415


def test_json_may_say_how_it_is_written():
    question = {"content": json.dumps({"scene": SCENE}), "headers": {"Content-Type": "Application/JSON; charset=utf-8"}}
    assert asked(("POST", "/api/figure", question))[0].status_code == 200


BODIES = {
    "nothing": b"", "no JSON": b"{", "NaN": b'{"scene": NaN}', "infinity": b'{"scene": {"input": Infinity}}', "list": b"[]",
    "text": b'"scene"', "number": b"1", "null": b"null", "twice": b'{"scene": {}, "scene": {}}', "more": b"{} {}",
    "twice within": b'{"scene": {"input": 5, "input": 6}}', "not UTF-8": b'{"scene": "\xff"}', "deep": b'{"a":' + b"[" * 100_000,
    "deep tables": b'{"a":' * 50_000, "digits": b'{"scene": {"input": ' + b"9" * 5000 + b"}}", "zero": b"\0" * 100,
    "control": b'{"scene": "\x01"}',
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_json_object_is_refused(name):
    question = {"content": BODIES[name], "headers": {"Content-Type": "application/json"}}
    for path in ("/api/figure", "/api/code", "/api/layer", "/api/file/png"):
        answer = asked(("POST", path, question))[0]
        assert answer.status_code == 400, name
        assert answer.json()["reason"].startswith("the request is ")


SURROGATE = "\ud800"
ODD = (
    {"input": 10**4000, "kernel": 3}, {"input": 5, "kernel": 3, "title": SURROGATE}, {SURROGATE: 1}, {"input": 1e999, "kernel": 1},
    {"input": 5, "kernel": 3, "view": SURROGATE}, {"input": 5, "kernel": 3, "view": {"theme": {SURROGATE: SURROGATE}}},
    {"input": [5] * 1000, "kernel": 3}, {"input": {"input": {"input": 5}}, "kernel": 3}, {"input": True, "kernel": None},
    {"input": 5, "kernel": 3, "values": {"input": [[1e999]]}}, {"input": 5, "kernel": 3, "values": {"input": {"image": 5}}},
    {"scenes": [None, None]}, {"scenes": {}}, {"layers": [1, 2], "input": 5}, {"layers": [], "input": 5}, {"layers": {}, "scenes": []},
    {"input": 2, "kernel": 2, "values": {"input": [[1e300, 1e300], [1e300, 1e300]], "kernel": [[1e300, 1e300], [1e300, 1e300]]}},
    {"input": 5, "kernel": 3, "title": "\u0000" * 3000}, {"input": 5, "kernel": 3, "op": ["conv"]}, {"input": -0.0, "kernel": 3},
    {"input": 5, "kernel": 3, "timing": {"steps": ":" * 1999}},
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_odd_scenes_are_refused_and_never_a_fault(number):
    for path in ("/api/figure", "/api/file/gif"):
        question = {"content": json.dumps({"scene": ODD[number]}), "headers": {"Content-Type": "application/json"}}
        answer = asked(("POST", path, question))[0]
        assert answer.status_code == (400 if number == 3 or "Infinity" in question["content"] else 422), answer.text[
            :200
        ]
        assert answer.json()["reason"]


def test_whole_numbers_beyond_those_of_machines_are_drawn():
    answer = post("/api/figure", {"scene": {"input": 2, "kernel": 2, "values": {"input": [[10**290] * 2] * 2}}})
    assert answer.status_code == 200
    assert answer.json()["values"]["input"] == [[10**290] * 2] * 2


def test_long_bodies_are_refused_before_they_are_read():
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 2**16
            yield b" " * 2**16

    octets = {"Content-Type": "application/octet-stream"}
    questions = (
        ("/api/figure", {"Content-Type": "application/json"}, 2**20), ("/api/file/gif", {"Content-Type": "application/json"}, 2**20),
        ("/api/picture?size=2x2", octets, 2**23),
    )  # fmt: skip
    for path, headers, most in questions:
        read = 0
        answer = asked(("POST", path, {"content": endless(), "headers": headers}))[0]
        assert answer.status_code == 413
        assert answer.json()["reason"] == f"the request is longer than {most:,} bytes"
        assert read <= most + 2**17


@pytest.mark.parametrize(("length", "status"), [(2**20, 200), (2**20 + 1, 413)])
def test_a_body_may_be_as_long_as_is_said(length, status):
    text = json.dumps({"scene": {"input": 3, "kernel": 2}}).ljust(length)
    headers = {"Content-Type": "application/json"}
    assert asked(("POST", "/api/figure", {"content": text, "headers": headers}))[0].status_code == status


@pytest.mark.parametrize(
    "size", ["", "4", "4x", "0x4", "257x1", "4x4x4", "-1x4", "axb", "1e3x1", "99999999999x1", "9" * 5000 + "x1", "²x2"]
)
def test_a_picture_needs_a_size(size):
    octets = {"Content-Type": "application/octet-stream"}
    answer = asked(("POST", "/api/picture", {"params": {"size": size}, "content": b"x", "headers": octets}))[0]
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "size")


# few at once


class Patient:
    """Work that goes on until it is told to end, and counts."""

    def __init__(self):
        self.begun, self.running, self.most = 0, 0, 0
        self.may_end, self._lock = threading.Event(), threading.Lock()

    def __call__(self, *_):
        with self._lock:
            self.begun += 1
            self.running += 1
            self.most = max(self.most, self.running)
        self.may_end.wait(20)
        with self._lock:
            self.running -= 1
        return {"done": True}


async def until(condition):
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to that")


def test_so_many_at_once_so_many_wait_and_the_rest_is_told_to_come_again(monkeypatch):
    work = Patient()
    monkeypatch.setattr(answers, "figure", work)

    async def ask():
        async with AsyncClient(transport=ASGITransport(application(at_once=2)), base_url=HOME) as client:
            first = [asyncio.create_task(client.post("/api/figure", json={})) for _ in range(2 + 16)]
            await until(lambda: work.begun == 2)
            await asyncio.sleep(0.05)
            beyond = await client.post("/api/figure", json={})
            page = await client.get("/")
            work.may_end.set()
            said = [each.status_code for each in await asyncio.gather(*first)]
            again = await client.post("/api/figure", json={})
            return said, beyond, page, again

    said, beyond, page, again = asyncio.run(ask())
    assert said == [200] * 18
    assert (beyond.status_code, beyond.json()["reason"]) == (
        429,
        "too many figures are being drawn; try again in a moment",
    )
    assert (page.status_code, again.status_code) == (200, 200)
    assert work.most == 2
    assert work.begun == 19


def test_what_takes_too_long_is_given_up_and_keeps_its_slot_until_it_ends(monkeypatch):
    work = Patient()
    monkeypatch.setattr(answers, "figure", work)
    monkeypatch.setattr(answers, "layer", lambda _: {})

    async def ask():
        async with AsyncClient(transport=ASGITransport(application(at_once=1, seconds=0.5)), base_url=HOME) as client:
            slow = await client.post("/api/figure", json={"scene": SCENE})
            waiting = await client.post("/api/figure", json={"scene": SCENE})
            work.may_end.set()
            await until(lambda: work.running == 0)
            after = await client.post("/api/layer", json={"code": "nn.Conv2d(1, 1, 3)", "input": 5})
            return slow, waiting, after

    slow, waiting, after = asyncio.run(ask())
    assert (slow.status_code, slow.json()["reason"]) == (
        413,
        "that takes longer than 0.5 seconds; the command line waits for it",
    )
    assert waiting.status_code == 429
    assert after.status_code == 200
    assert work.begun == 1  # what waited has never begun


def test_work_that_fails_gives_its_slot_back():
    def fails():
        raise RefusedError(418, "no")

    async def ask():
        slots = Slots(1, 0, 5)
        for _ in range(5):
            with pytest.raises(RefusedError, match="no"):
                await slots.run(fails)
        return await slots.run(lambda: 7)

    assert asyncio.run(ask()) == 7


def test_a_process_that_ends_waits_for_no_work_that_has_begun():
    program = """
import asyncio, time
from convanim.explore.guard import RefusedError, Slots
async def ask():
    try: await Slots(1, 0, 0.2).run(lambda: time.sleep(1000))
    except RefusedError as fault: print(fault.status)
asyncio.run(ask())
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=True)
    assert run.stdout == "413\n"


def test_who_leaves_takes_no_slot_along():
    work = Patient()

    async def ask():
        slots = Slots(1, 3, 5)
        asking = [asyncio.create_task(slots.run(work)) for _ in range(4)]
        await until(lambda: work.begun == 1)
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        with pytest.raises(RefusedError, match="try again"):  # the one that has begun goes on and the slot is its own
            await asyncio.wait_for(Slots(0, 0, 1).run(work), 1)
        work.may_end.set()
        await until(lambda: work.running == 0)
        said = await asyncio.gather(*(slots.run(lambda: 1) for _ in range(4)))
        return said, work.begun

    assert asyncio.run(ask()) == ([1, 1, 1, 1], 1)


def test_what_nobody_waits_for_any_more_never_begins():
    work, begun = Patient(), []

    async def has_left():
        return True

    async def ask():
        slots = Slots(1, 3, 5)
        first = asyncio.create_task(slots.run(work))
        await until(lambda: work.begun == 1)
        second = asyncio.create_task(slots.run(partial(begun.append, 1), has_left))
        await asyncio.sleep(0.01)
        work.may_end.set()
        await first
        with pytest.raises(RefusedError, match="nobody waits"):
            await second

    asyncio.run(ask())
    assert begun == []


# over a socket


@pytest.fixture(scope="module")
def address():
    with served() as url:
        yield url


def test_a_real_server_answers_alike(address):
    question = {"scene": SCENE}
    assert httpx.post(address + "api/figure", json=question).json() == post("/api/figure", question).json()
    assert httpx.get(address, headers={"Host": "example.org"}).status_code == 400
    assert httpx.get(address + "nothing").headers["x-content-type-options"] == "nosniff"
    assert httpx.get(address + "%2e%2e/%2e%2e/pyproject.toml").status_code == 404


def test_clients_that_go_away_leak_no_slot(monkeypatch):
    work = Patient()
    monkeypatch.setattr(answers, "figure", work)
    with served(at_once=1) as url:
        for _ in range(3):
            for _ in range(10):  # in all more than have room, each gone at once
                with pytest.raises(httpx.TimeoutException):
                    httpx.post(url + "api/figure", json={"scene": SCENE}, timeout=httpx.Timeout(5, read=0.02))
            sleep(0.5)
        work.may_end.set()
        layer = {"code": "nn.Conv2d(1, 1, 3)", "input": 5}
        assert httpx.post(url + "api/layer", json=layer, timeout=10).status_code == 200
    assert work.begun == 1
