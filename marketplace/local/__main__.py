"""``python -m marketplace.local <verb>``: what ``./market`` becomes inside its virtual environment."""

from __future__ import annotations

from marketplace.local.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
