"""Celery's shells round the services: safe to run twice, and to lose."""

from __future__ import annotations

from celery import shared_task

from marketplace.delivery import relay


@shared_task
def send_webhooks() -> None:
    """Send what is due to webhooks."""
    relay.run()
