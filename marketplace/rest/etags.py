"""``ETag`` and ``If-Match`` (RFC 9110, section 13): a decision names the version it saw."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from marketplace.kernel.errors import PreconditionFailed, PreconditionRequired
from marketplace.kernel.models import Record

_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def tag(row: Record) -> str:
    """Return the entity tag of a row."""
    return f'"{row.version}"'


def expected_version(request: Request) -> int:
    """Return the version that ``If-Match`` names. Raises PreconditionRequired, or PreconditionFailed on nonsense."""
    given = request.headers.get("If-Match")
    if not given:
        raise PreconditionRequired(
            "if_match_required", _("Send If-Match with the ETag of what you saw, so that nothing newer is overwritten.")
        )
    found = _TAG.fullmatch(given.strip())
    if not found:
        raise PreconditionFailed("if_match_unknown", _("This If-Match is not an ETag that was given here."))
    return int(found[1])


def require(row: Record, version: int) -> None:
    """Raise PreconditionFailed unless ``row``, held locked by the caller, is still at ``version``."""
    if row.version != version:
        raise PreconditionFailed(
            "version_changed",
            _("It is now at version %(now)s; you saw %(seen)s. Read it again and decide anew.")
            % {"now": row.version, "seen": version},
            data={"current_version": row.version},
        )
