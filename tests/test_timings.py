"""Stages: they nest, add up, and cost nothing where nobody listens."""

from contextlib import suppress

import pytest

from convanim import Scene, render, timings
from convanim.timings import listening, stage


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is told to go on."""
    now = [0.0]
    monkeypatch.setattr(timings, "perf_counter", lambda: now[0])

    def go_on(seconds):
        now[0] += seconds

    return go_on


def test_an_inner_stage_stops_the_outer_one_s_clock(clock):
    with listening() as heard:
        clock(100)
        with stage("outer"):
            clock(1)
            with stage("inner"):
                clock(10)
            clock(2)
        clock(100)
        with stage("inner"):
            clock(20)
    assert heard.seconds == {"outer": 3, "inner": 30}


def test_a_stage_ends_with_an_error_too(clock):
    with listening() as heard:
        with suppress(KeyError), stage("wrong"):
            clock(1)
            raise KeyError
        clock(5)
        with stage("right"):
            clock(2)
    assert heard.seconds == {"wrong": 1, "right": 2}


def test_nothing_is_measured_unless_someone_listens(clock):
    with stage("unheard"):
        clock(1)
    with listening() as heard:
        pass
    with stage("unheard"):
        clock(1)
    assert heard.seconds == {}


def test_a_render_is_made_of_these_stages(tmp_path):
    with listening() as heard:
        render(Scene(4, 3), tmp_path / "x.gif")
    assert set(heard.seconds) == {"imports", "record", "layout", "raster", "encode"}
    assert all(seconds > 0 for seconds in heard.seconds.values())
