"""The child process that reads one file from its standard input and writes what it found as JSON.

``sandbox`` runs it as ``python -m profiles.importers.child SECONDS BYTES``; limits are set before the file is touched.
"""

from __future__ import annotations

import json
import resource
import sys

from profiles.importers import formats
from profiles.importers.reading import Refused


def main(seconds: int, memory: int) -> None:
    """Limit this process, then read; the answer is ``{"reading": …}`` or ``{"refused": …}``."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    raw = sys.stdin.buffer.read()
    try:
        answer = {"reading": formats.read(raw).as_json()}
    except Refused as refusal:
        answer = {"refused": {"code": refusal.code, "pointer": refusal.pointer, "data": refusal.data}}
    except MemoryError:
        answer = {"refused": {"code": "too_much_memory", "pointer": "", "data": {}}}
    except RecursionError:
        answer = {"refused": {"code": "too_deep", "pointer": "", "data": {}}}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
