"""The tables of this room: outbox, webhooks, notifications, e-mail."""

from marketplace.delivery.models.mail import EmailMessage
from marketplace.delivery.models.notification import Category, EmailCadence, Notification, NotificationPreference
from marketplace.delivery.models.outbox import OutboxEvent
from marketplace.delivery.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "Category",
    "EmailCadence",
    "EmailMessage",
    "Notification",
    "NotificationPreference",
    "OutboxEvent",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
