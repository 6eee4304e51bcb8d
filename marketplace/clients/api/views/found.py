"""A row that the body of a request names, as far as the caller may see it."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import NotFound
from marketplace.kernel.models import Record

R = TypeVar("R", bound=Record)


def found(model: type[R], actor: Any, key: uuid.UUID) -> R:
    """Return the row. Raises NotFound where it is absent or not the actor's to see: the two look the same."""
    row: R | None = model.objects.visible_to(actor).filter(pk=key).first()  # type: ignore[attr-defined]
    if row is None:
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    return row
