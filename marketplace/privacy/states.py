"""The states of a request about one's own data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from marketplace.kernel.states import Transitions


class RequestStatus(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("request", "Received")
    BLOCKING = "blocking", pgettext_lazy("request", "Blocked, to be erased")
    FULFILLED = "fulfilled", pgettext_lazy("request", "Fulfilled")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")


_S = RequestStatus
REQUEST: Transitions = {
    _S.RECEIVED: frozenset({_S.BLOCKING, _S.FULFILLED, _S.REFUSED, _S.WITHDRAWN}),
    _S.BLOCKING: frozenset({_S.FULFILLED}),
    _S.FULFILLED: frozenset(),
    _S.REFUSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
OPEN_REQUEST = (_S.RECEIVED, _S.BLOCKING)
