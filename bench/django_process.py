"""Run a module of this package with Django set up: ``python -m bench.django_process bench.live …``."""

from __future__ import annotations

import runpy
import sys

import django

if __name__ == "__main__":
    django.setup()
    runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
