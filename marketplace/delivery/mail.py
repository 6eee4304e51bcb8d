"""Notifications by e-mail: what is due to one person goes out as one message, in their language, not at night.

An e-mail is a row that points to notifications; its text is made when it is sent and kept nowhere, nor is the address.
Sending is at least once: the ``Message-ID`` is that of the row, so that mail systems can tell a repeat.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from marketplace.accounts.models import User
from marketplace.delivery import inbox, preferences, wording
from marketplace.delivery.kinds import kind_named
from marketplace.delivery.models import EmailMessage, Notification
from marketplace.delivery.schedule import Hours
from marketplace.delivery.states import EmailStatus
from marketplace.kernel import clock, identifiers, states

logger = logging.getLogger(__name__)

RETRY_SECONDS = (60, 300, 1800, 7200, 21600)
MOST_ATTEMPTS = len(RETRY_SECONDS) + 1
LEASE = dt.timedelta(seconds=180)
# Somebody who was just being written to when the quiet hours began need not wait for the morning.
GRACE = dt.timedelta(minutes=10)
MOST_LISTED = 50


@dataclass(frozen=True)
class Letter:
    """An e-mail as it will be sent: plain values, no rows."""

    email_id: uuid.UUID
    lease: uuid.UUID
    address: str
    message_id: str
    subject: str
    text: str
    html: str

    def __repr__(self) -> str:
        return f"<Letter {self.email_id}>"


def collect(*, most: int = 200) -> int:
    """Make one e-mail for everybody to whom something is due, of all that waits for them; return how many."""
    due = Notification.objects.waiting_for_email().filter(email_due_at__lte=clock.now())
    people = due.order_by("email_due_at").values_list("recipient_id", flat=True)[: most * 10]
    made = 0
    for recipient_id in list(dict.fromkeys(people))[:most]:
        made += _collect_for(recipient_id)
    return made


@transaction.atomic
def _collect_for(recipient_id: uuid.UUID) -> bool:
    waiting = Notification.objects.waiting_for_email().filter(recipient_id=recipient_id)
    # Two collectors at once: the second finds nothing that is not locked, and makes nothing.
    mine = list(
        waiting.filter(email_due_at__lte=clock.now()).select_for_update(skip_locked=True).values_list("pk", flat=True)
    )
    if not mine:
        return False
    message = EmailMessage.objects.create(recipient_id=recipient_id)
    Notification.objects.filter(pk__in=mine).update(email=message)
    return True


def claim() -> Letter | None:
    """Take one due e-mail under a lease and write it; None when nothing is due.

    What nobody needs any more is dropped on the way, and what would come at night is put off to the morning.
    """
    while True:
        with transaction.atomic():
            rows: QuerySet[EmailMessage] = EmailMessage.objects.due().select_related("recipient")
            row = rows.order_by("next_attempt_at").select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                return None
            letter = _taken(row)
        if letter is not None:
            return letter


def _taken(row: EmailMessage) -> Letter | None:
    """Move a locked row on: under a lease with its letter, or to where it need not be sent now."""
    now = clock.now()
    if row.status == EmailStatus.SENDING:  # its sender has died
        states.move(row, EmailStatus.PENDING)
        row.lease_token = row.lease_until = None
        row.touch("status", "lease_token", "lease_until")
    unread = list(row.notifications.unread().order_by("created_at", "pk"))
    if not unread or not row.recipient.is_active or row.attempts >= MOST_ATTEMPTS:
        wanted = bool(unread) and row.recipient.is_active
        states.move(row, EmailStatus.FAILED if wanted else EmailStatus.DROPPED)
        row.finished_at = now
        row.touch("status", "finished_at")
        return None
    choice = preferences.choice_of(row.recipient)
    if _must_wait(choice.hours, unread, now):
        row.next_attempt_at = choice.hours.after_quiet(now)
        row.touch("next_attempt_at")
        return None
    lease = uuid.uuid4()
    try:
        letter = written(row, row.recipient, unread, choice.hours.zone, lease)
    except Exception:
        # A defect of ours must not keep the letters behind this one from going out.
        logger.exception("%s cannot be written", row.public_id)
        states.move(row, EmailStatus.FAILED)
        row.last_error, row.finished_at = "not_writable", now
        row.touch("status", "last_error", "finished_at")
        return None
    states.move(row, EmailStatus.SENDING)
    row.lease_token, row.lease_until, row.attempts = lease, now + LEASE, row.attempts + 1
    row.touch("status", "lease_token", "lease_until", "attempts")
    return letter


def _must_wait(hours: Hours, unread: list[Notification], now: dt.datetime) -> bool:
    if not (hours.is_quiet(now) and hours.is_quiet(now - GRACE)):
        return False
    morning = hours.after_quiet(now)
    return not any(row.urgent_until is not None and now < row.urgent_until <= morning for row in unread)


def written(row: EmailMessage, person: User, told: list[Notification], zone: str, lease: uuid.UUID) -> Letter:
    """Return the letter about ``told`` in the language of the person, as text and as HTML."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "celula.invalid"
    with translation.override(person.language):
        items = [
            {
                "title": wording.title(each.kind, each.data, zone=zone),
                "body": wording.body(each.kind, each.data, zone=zone),
                "link": _link(each),
            }
            for each in told[:MOST_LISTED]
        ]
        many = ngettext("Célula: %(count)d message", "Célula: %(count)d messages", len(told)) % {"count": len(told)}
        context = {
            "items": items,
            "more": max(0, len(told) - MOST_LISTED),
            "language": person.language,
            "settings_link": f"{settings.FRONTEND_URL}/notifications/preferences" if settings.FRONTEND_URL else "",
        }
        return Letter(
            email_id=row.pk,
            lease=lease,
            address=person.email,
            message_id=f"<{row.public_id}@{domain}>",
            subject=" ".join((items[0]["title"] if len(told) == 1 else many).split()),
            text=render_to_string("delivery/notifications.txt", context),
            html=render_to_string("delivery/notifications.html", context),
        )


def send(letter: Letter, connection: BaseEmailBackend) -> tuple[str, bool]:
    """Hand a letter to the mail system; return what went wrong, if anything, and whether trying again is of use."""
    message = mail.EmailMultiAlternatives(
        letter.subject,
        letter.text,
        to=[letter.address],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    message.attach_alternative(letter.html, "text/html")
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        return "recipient_refused", not all(500 <= code < 600 for code in codes)
    except ValueError as error:  # an address or a header that no mail may have
        return type(error).__name__, False
    except (smtplib.SMTPException, OSError) as error:
        # Its text may hold the address: the kind of fault is enough.
        return type(error).__name__[:120], True
    return "", False


@transaction.atomic
def record(letter: Letter, error: str, *, again: bool) -> bool:
    """Write what came of it; False, with nothing written, when the lease was lost meanwhile."""
    rows = EmailMessage.objects.select_for_update().filter(pk=letter.email_id, lease_token=letter.lease)
    row: EmailMessage | None = rows.first()
    if row is None or row.status != EmailStatus.SENDING:
        logger.warning("the lease of an e-mail was lost before its outcome could be written")
        return False
    now = clock.now()
    row.last_error, row.lease_token, row.lease_until = error, None, None
    if error and again and row.attempts < MOST_ATTEMPTS:
        states.move(row, EmailStatus.PENDING)
        row.next_attempt_at = now + dt.timedelta(seconds=RETRY_SECONDS[row.attempts - 1])
    else:
        states.move(row, EmailStatus.FAILED if error else EmailStatus.SENT)
        row.finished_at = now
    row.touch("status", "last_error", "lease_token", "lease_until", "next_attempt_at", "finished_at")
    return True


def run(*, most: int = 100) -> int:
    """Collect what is due and send it, at most ``most`` e-mails; return how many were tried."""
    collect()
    tried = 0
    while tried < most and (letter := claim()) is not None:
        # A connection of its own for each: one that broke must not take the next letter with it.
        error, again = send(letter, mail.get_connection())
        record(letter, error, again=again)
        tried += 1
    return tried


def anything_due() -> bool:
    """Tell whether somebody should run now."""
    due = Notification.objects.waiting_for_email().filter(email_due_at__lte=clock.now())
    return due.exists() or EmailMessage.objects.due().exists()


def forget_old(*, batch: int = 1000) -> int:
    """Delete e-mails that ended and whose notifications are gone; return how many."""
    over = (EmailStatus.SENT, EmailStatus.DROPPED, EmailStatus.FAILED)
    old = EmailMessage.objects.filter(status__in=over, pk__lt=identifiers.first_at(clock.now() - inbox.KEPT))
    keys = list(old.filter(notifications__isnull=True).order_by("pk").values_list("pk", flat=True)[:batch])
    EmailMessage.objects.filter(pk__in=keys).delete()
    return len(keys)


def _link(told: Notification) -> str:
    """Return where a message leads: where its kind says, which may be secret and is kept nowhere, or to itself."""
    if not settings.FRONTEND_URL:
        return ""
    leads = kind_named(told.kind).link
    return f"{settings.FRONTEND_URL}{leads(told.subject) if leads else f'/notifications/{told.public_id}'}"
