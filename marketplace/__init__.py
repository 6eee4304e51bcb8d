"""The Django project: the roof (settings, URLs, Celery, local servers) over the rooms beside it."""

from marketplace.celery import app as celery_app

__all__ = ["celery_app"]
