"""Folders and observation of processes for the tests of the local servers."""

from __future__ import annotations

import os
import select
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace.local import places


@pytest.fixture
def home() -> Iterator[Path]:
    """A fresh folder that PostgreSQL's account owns and can reach."""
    folder = places.private_folder("celula-home-", places.unprivileged_account())
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ends() -> Callable[[int, float], bool]:
    """Tell whether a process, by id and not necessarily a child of ours, ends within some seconds."""

    def wait(pid: int, seconds: float) -> bool:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        try:
            return bool(select.select([descriptor], [], [], seconds)[0])
        finally:
            os.close(descriptor)

    return wait


@pytest.fixture
def descendants() -> Callable[[int], set[int]]:
    """List the ids of the processes below one, whatever session they are in."""

    def below(pid: int) -> set[int]:
        children: dict[int, set[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue
                children.setdefault(parent, set()).add(int(entry.name))
        found: set[int] = set()
        frontier = {pid}
        while frontier:
            frontier = set().union(*(children.get(parent, set()) for parent in frontier))
            found |= frontier
        return found

    return below
