"""Row 12: names of skills and briefs in two languages, read and compared with what was marked by hand.

``./market bench --only knowledge`` measures it and takes about ten seconds; ``results/knowledge`` keeps what was found.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import lookup
from bench.plan import Plan
from bench.sampling import Tell
from bench.targets import Measured, at_least, at_most
from marketplace.local import generated_keys
from marketplace.local.faults import LocalFault
from marketplace.local.supervisor import run

ROW = "12"
# Share right, share taken for certain and wrong; the targets of each set of the look-up.
_ASKED = {
    "names and aliases": (0.95, 0.01),
    "variants by hand": (0.95, 0.01),
    "names of O*NET": (0.95, 0.01),
    "typos by hand": (0.90, 0.01),
    "slips by chance": (0.90, 0.01),
    "look-alikes": (1.0, 0.0),
}
_MOST_MILLISECONDS = 1.0
_PRECISION, _RECALL = 0.90, 0.85


def measure(plan: Plan, tell: Tell) -> Measured:
    """Measure the look-up here and the briefs in a process with Django set up; no server is needed.

    Raises LocalFault. ``plan`` changes nothing: the sets are small.
    """
    found = Measured()
    tell("knowledge: names of skills", 0.0)
    for name, figures in lookup.figures().items():
        right, wrong = _ASKED[name]
        beside = f"{figures.cases:,} names"
        found.add(ROW, f"{name}: right", 100 * figures.right, "%", at_least(100 * right), beside)
        found.add(ROW, f"{name}: wrong", 100 * figures.wrong, "%", at_most(100 * wrong), beside)
        found.add(ROW, f"{name}: each", figures.milliseconds, "ms", at_most(_MOST_MILLISECONDS), "processor time")
    tell("knowledge: briefs", 0.6)
    told = _briefs()
    beside = f"{told['briefs']} briefs, {told['marked']} marked skills"
    found.add(ROW, "needs of briefs: precision", 100 * told["precision"], "%", at_least(100 * _PRECISION), beside)
    found.add(ROW, "needs of briefs: recall", 100 * told["recall"], "%", at_least(100 * _RECALL), beside)
    for name, (right, asked) in told["fields"].items():
        found.add(ROW, f"briefs: {name}", 100 * right / asked, "%", None, f"{right} of {asked}")
    found.add(ROW, "a brief", told["milliseconds"], "ms", None, "processor time")
    found.samples["knowledge_briefs"] = told
    return found


def _briefs() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "briefs.json"
        # Settings ask for a database and keys; reading a brief touches neither.
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            **generated_keys.generate().environment,
        }
        if run([sys.executable, "-m", "bench.django_process", "bench.brief_reading", "--json", str(told)], environment):
            raise LocalFault("The briefs could not be read.")
        content: dict[str, Any] = json.loads(told.read_text())
        return content
