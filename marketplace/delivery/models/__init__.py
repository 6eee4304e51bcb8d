"""The tables of this room: outbox, notifications, e-mail."""

from marketplace.delivery.models.mail import EmailMessage, EmailStatus
from marketplace.delivery.models.notification import Category, EmailCadence, Notification, NotificationPreference
from marketplace.delivery.models.outbox import OutboxEvent

__all__ = [
    "Category",
    "EmailCadence",
    "EmailMessage",
    "EmailStatus",
    "Notification",
    "NotificationPreference",
    "OutboxEvent",
]
