"""What a person is told, and how they want to be told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.delivery.models.mail import EmailMessage
from marketplace.kernel.models import Record, ScopedQuerySet, one_of


class Category(models.TextChoices):
    """What a person chooses by: each notification belongs to one."""

    OFFERS = "offers", _("Cells and offers")
    INVITATIONS = "invitations", _("Invitations")
    ENGAGEMENTS = "engagements", _("Engagements")
    REVIEW = "review", _("Cells to review")
    ALERTS = "alerts", _("Saved searches")
    SYSTEM = "system", _("Account and data")


class EmailCadence(models.TextChoices):
    IMMEDIATE = "immediate", _("At once, outside quiet hours")
    DIGEST = "digest", _("Once a day, together")
    OFF = "off", _("Never")


class NotificationQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Any) -> NotificationQuerySet:
        """People see their own; a key has none."""
        user = getattr(actor, "user", None)
        return self.none() if user is None else self.filter(recipient=user, in_app=True)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at__isnull=True)

    def waiting_for_email(self) -> NotificationQuerySet:
        """Return those that are to go out by e-mail at some time and have not been read meanwhile."""
        return self.unread().filter(email_due_at__isnull=False, email__isnull=True)


class Notification(Record):
    """One thing told to one person, once. ``data`` holds ids, states and values that this reader may see.

    ``email_due_at`` is when it goes out by e-mail unless it has been read by then; null for never. ``urgent_until`` is
    when it stops being of use.
    """

    prefix: ClassVar[str] = "ntf"

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=64)
    category = models.CharField(max_length=16, choices=Category.choices)
    subject = models.CharField(max_length=64)
    occasion = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)
    in_app = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    urgent_until = models.DateTimeField(null=True)
    email_due_at = models.DateTimeField(null=True)
    # With an e-mail goes what it told: without it, it would look as if it still had to be mailed.
    email = models.ForeignKey(EmailMessage, on_delete=models.CASCADE, related_name="notifications", null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("category", Category.values, "notification_category_known"),
            models.UniqueConstraint(fields=["recipient", "kind", "subject", "occasion"], name="notification_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_inbox"),
            models.Index(
                fields=["recipient"], condition=Q(read_at__isnull=True, in_app=True), name="notification_unread"
            ),
            models.Index(
                fields=["email_due_at"],
                condition=Q(read_at__isnull=True, email_due_at__isnull=False, email__isnull=True),
                name="notification_email_due",
            ),
        ]


class NotificationPreference(Record):
    """How one person wants to be told; who has no row has the defaults.

    Times are minutes from local midnight; ``quiet_until`` below ``quiet_from`` is on the next day, and equal ones mean
    no quiet hours. An empty ``time_zone`` means that of their profile or organization. ``channels`` holds what differs
    from the defaults: ``{category: {"in_app": bool, "email": cadence}}``.
    """

    prefix: ClassVar[str] = "npref"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    time_zone = models.CharField(max_length=48, blank=True)
    quiet_from = models.PositiveSmallIntegerField(default=21 * 60, validators=[MaxValueValidator(1439)])
    quiet_until = models.PositiveSmallIntegerField(default=8 * 60, validators=[MaxValueValidator(1439)])
    digest_at = models.PositiveSmallIntegerField(default=8 * 60, validators=[MaxValueValidator(1439)])
    channels = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__lt=1440, quiet_until__lt=1440, digest_at__lt=1440),
                name="preference_times_within_a_day",
            )
        ]
