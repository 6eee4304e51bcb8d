"""Registered sweeps: all of them are done, whatever one of them meets."""

from __future__ import annotations

import logging

from marketplace.kernel import sweeping


def test_a_sweep_that_fails_is_logged_and_keeps_nobody_from_theirs(monkeypatch, caplog):
    monkeypatch.setattr(sweeping, "_sweeps", {})
    done = []

    def fails() -> None:
        raise ValueError("out of order")

    sweeping.register("broken", fails)
    sweeping.register("sound", lambda: done.append("sound"))
    with caplog.at_level(logging.ERROR):
        sweeping.sweep()
    assert done == ["sound"]
    assert "sweeping broken failed" in caplog.text


def test_a_sweep_registered_twice_is_done_once(monkeypatch):
    monkeypatch.setattr(sweeping, "_sweeps", {})
    done = []
    for _time in range(2):
        sweeping.register("sound", lambda: done.append("sound"))
    sweeping.sweep()
    assert done == ["sound"]


def test_the_imports_of_resumes_are_swept():
    assert "resume imports" in sweeping._sweeps
