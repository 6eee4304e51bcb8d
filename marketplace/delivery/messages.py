"""What this room itself tells people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.permissions import Role
from marketplace.delivery import notifications
from marketplace.delivery.models import Category

notifications.register(
    "webhook.gone",
    category=Category.SYSTEM,
    title=_("A webhook was disabled because it is gone"),
    body=_("“%(description)s” answered 410 Gone, so nothing is sent to it any more. Enable it again, or delete it."),
    audience=[Role.CLIENT],
)
notifications.register(
    "webhook.failing",
    category=Category.SYSTEM,
    title=_("A webhook was disabled because it kept failing"),
    body=_(
        "“%(description)s” has accepted nothing for days, so nothing is sent to it any more. Mend it, enable it, and"
        " ask for what it has missed."
    ),
    audience=[Role.CLIENT],
)
