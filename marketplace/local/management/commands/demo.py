"""Act as the clients and the recruiter over HTTP against a running service (``CELULA_BASE_URL``)."""

from __future__ import annotations

import os
import time
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError

from marketplace.kernel import clock
from marketplace.local.demo import cast, story, tables
from marketplace.local.demo.caller import DemoFault
from marketplace.local.demo.teller import Teller


class Command(BaseCommand):
    help = "Tell the demo's story over HTTP."

    def handle(self, *args: Any, **options: Any) -> None:
        base_url, password = os.environ.get("CELULA_BASE_URL", ""), os.environ.get("CELULA_DEMO_PASSWORD", "")
        if not base_url or not password:
            raise CommandError("CELULA_BASE_URL and CELULA_DEMO_PASSWORD must be set; `./market demo` sets both.")
        console, started = tables.console(), time.monotonic()
        try:
            with Teller(base_url, password, console, clock.today()) as teller:
                story.tell(teller)
        except DemoFault as fault:
            raise CommandError(f"The demo stopped: {fault}") from fault
        except httpx.TransportError as error:
            raise CommandError(f"The service at {base_url} does not answer: {error}") from error
        console.print(f"\nThe story took {time.monotonic() - started:.1f} s.")
        accounts = [*(organization.admin for organization in cast.ORGANIZATIONS), cast.RECRUITER, cast.OPERATOR]
        console.print(f"Accounts: {', '.join([*accounts, cast.PROFESSIONAL])}\nPassword: {password}")
