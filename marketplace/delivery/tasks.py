"""Celery's shells round the services: safe to run twice, and to lose."""

from __future__ import annotations

from celery import shared_task

from marketplace.delivery import mail, relay


@shared_task
def send_webhooks() -> None:
    """Send what is due to webhooks."""
    relay.run()


@shared_task
def send_emails() -> None:
    """Send what is due by e-mail."""
    mail.run()
