"""What the processes of a worker hold in memory, as Linux tells it in ``/proc``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

INDEX_FILE = "columns.bin"
_LINE = re.compile(r"^(\w+):\s+(\d+) kB")


@dataclass(frozen=True)
class Memory:
    """Bytes of one process: the peak of what was resident, what of the mapped index is, and what it copied of that.

    A page that was written to is a copy of its own (``Anonymous``); every other page is the kernel's, shared with
    whoever maps it.
    """

    pid: int
    peak: int
    index: int
    index_copied: int


def family(parent: int) -> list[int]:
    """Return ``parent`` and all its descendants that run now."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                # The name of a program may hold blanks and brackets; the parent is the second field after the last one.
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(stat[1]), []).append(int(folder.name))
    found, waiting = [], [parent]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def memory(pid: int) -> Memory:
    """Return what a process holds. Raises OSError when it has ended."""
    status = (Path("/proc") / str(pid) / "status").read_text()
    sizes = {match[1]: int(match[2]) * 1024 for line in status.splitlines() if (match := _LINE.match(line))}
    resident, copied, inside = 0, 0, False
    for line in (Path("/proc") / str(pid) / "smaps").read_text().splitlines():
        match = _LINE.match(line)
        if match is None:
            if "-" in line.partition(" ")[0]:
                inside = line.endswith(INDEX_FILE)
        elif inside and match[1] == "Rss":
            resident += int(match[2]) * 1024
        elif inside and match[1] == "Anonymous":
            copied += int(match[2]) * 1024
    return Memory(pid, sizes.get("VmHWM", 0), resident, copied)
