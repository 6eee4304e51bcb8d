"""What /readyz asks of this room: is due work being picked up, and does somebody sweep?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from marketplace.kernel import clock
from marketplace.rest import health
from matching.index import keeper
from matching.index.store import Store, Unusable
from matching.models import Heartbeat, MatchRun, Replacement
from matching.services.sweeping import SWEEPER
from profiles import feed

_LATE_SECONDS = 120


def oldest_due_run() -> dict[str, Any]:
    """Report how long the oldest due run or replacement has waited."""
    waiting = [
        rows.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
        for rows in (MatchRun.objects.due(), Replacement.objects.due())
    ]
    oldest = min((at for at in waiting if at is not None), default=None)
    seconds = max(0, round((clock.now() - oldest).total_seconds())) if oldest else 0
    return {"ok": seconds < _LATE_SECONDS, "oldest_due_seconds": seconds}


def sweeper() -> dict[str, Any]:
    """Report when somebody last swept."""
    last = Heartbeat.objects.filter(name=SWEEPER).values_list("at", flat=True).first()
    seconds = round((clock.now() - last).total_seconds()) if last else None
    return {"ok": seconds is not None and seconds < 4 * settings.SWEEP_SECONDS, "last_sweep_seconds": seconds}


def market_index() -> dict[str, Any]:
    """Report the version that this machine's workers share, its age, and which share of people changed since.

    A machine that has composed nothing yet has none, and needs none.
    """
    store = Store(Path(settings.INDEX_FOLDER), keeper.database_key())
    if store.current() is None:
        return {"ok": True, "version": None}
    try:
        manifest = store.manifest()
        share = keeper.changed_share(manifest)
    except (Unusable, feed.Gap) as reason:
        return {"ok": False, "version": store.current(), "reason": str(reason)}
    return {
        "ok": share < keeper.LARGEST_OVERLAY_SHARE,
        "version": manifest.version,
        "people": manifest.people,
        "age_seconds": round(manifest.age.total_seconds()),
        "overlay_share": round(share, 4),
    }


health.register("index", market_index)
health.register("runs", oldest_due_run)
health.register("sweeper", sweeper)
