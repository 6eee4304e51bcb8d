"""A run's progress as server-sent events (HTML Living Standard, section 9.2), read from its row."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.db import connection
from django.utils import translation
from rest_framework.renderers import BaseRenderer

from marketplace.accounts.actors import Actor
from matching.api.outputs.match_runs import MatchRunDetailOutput
from matching.models import MatchRun
from matching.states import LIVE_RUN

POLL_SECONDS = 0.5
LONGEST_SECONDS = 60.0


class EventStreamRenderer(BaseRenderer):
    """Lets ``Accept: text/event-stream`` be negotiated; the stream itself is written by ``follow``."""

    media_type = "text/event-stream"
    format = "event-stream"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Render a refusal that came instead of the stream."""
        return orjson.dumps(data, default=str)


def follow(
    run_id: uuid.UUID, actor: Actor, language: str, pause: Callable[[float], None] = time.sleep
) -> Iterator[bytes]:
    """Yield a ``progress`` event at every change and an ``end`` event when the run has ended or is out of sight.

    Gives up after 60 s of polling without ``end``: the browser's EventSource then connects again by itself. Between two
    looks neither a transaction nor a connection is held.
    """
    seen = None
    yield b"retry: 1000\n\n"
    for _poll in range(round(LONGEST_SECONDS / POLL_SECONDS)):
        run = MatchRun.objects.visible_to(actor).filter(pk=run_id).first()
        if not connection.in_atomic_block:
            connection.close()
        if run is None:
            yield b"event: end\ndata: {}\n\n"
            return
        if run.version != seen:
            seen = run.version
            yield _event(run, language)
        if run.status not in LIVE_RUN:
            yield b"event: end\ndata: {}\n\n"
            return
        pause(POLL_SECONDS)


def _event(run: MatchRun, language: str) -> bytes:
    # The middleware that chose the reader's language is done before the first byte of a stream leaves.
    with translation.override(language):
        data = orjson.dumps(MatchRunDetailOutput(run).data, default=str)
    return b"event: progress\nid: %d\ndata: %s\n\n" % (run.version, data)
