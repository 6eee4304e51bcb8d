"""Résumés on their way into a profile: uploaded, read by a worker, confirmed part by part. The row is the queue."""

from __future__ import annotations

import base64
import datetime as dt
import logging
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock, crypto, events, states
from marketplace.kernel.errors import Conflict, Invalid
from profiles import resume_notices
from profiles.events import ResumeQueued
from profiles.importers import recognition, sandbox
from profiles.importers.reading import Reading, Refused, source_of
from profiles.models import Professional, ResumeExtras, ResumeImport, ResumeImportItem
from profiles.services import duplicate_pairs, duplicates, professionals, proposing
from profiles.states import OPEN_IMPORT, ResumeImportStatus

logger = logging.getLogger(__name__)

LEASE_SECONDS = 120
ATTEMPTS = 3
MOST_OPEN = 3
UNCONFIRMED = dt.timedelta(days=30)  # a file that nobody confirms is personal data that nobody needs


# -- asking -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def request(*, professional: Professional, content: bytes, media_type: str, actor: Actor | None) -> ResumeImport:
    """Queue a file to be read into the profile; it is kept encrypted until the import is closed.

    Raises Invalid for bytes that are no résumé file at all (``empty_file, unknown_format, password_protected,
    legacy_word``), Conflict ``too_many_imports`` beyond three open ones, Conflict ``profile_closed``.
    """
    try:
        recognition.recognize(content)
    except Refused as refusal:
        raise Invalid.field("", refusal.code, resume_notices.sentence(refusal.code, refusal.data)) from refusal
    row = professionals.locked(professional)
    if ResumeImport.objects.filter(professional=row, status__in=OPEN_IMPORT).count() >= MOST_OPEN:
        raise Conflict(
            "too_many_imports",
            _("Confirm or discard one of your %(most)s open imports first.") % {"most": MOST_OPEN},
        )
    resume = ResumeImport(professional=row, media_type=media_type, size=len(content))
    resume.content = crypto.encrypt(base64.b64encode(content).decode(), bound_to=_bound(resume, "content"))
    resume.save(force_insert=True)
    log.record(subject=resume, action="resume_import.request", actor=actor, size=len(content), media_type=media_type)
    events.announce(ResumeQueued(resume.pk))
    return resume


@transaction.atomic
def discard(*, resume: ResumeImport, actor: Actor | None) -> ResumeImport:
    """Close an import without taking anything from it. Raises IllegalTransition when it is closed already."""
    row = locked(resume)
    states.require(row, ResumeImportStatus.DISCARDED)
    close(row, ResumeImportStatus.DISCARDED)
    log.record(subject=row, action="resume_import.discard", actor=actor)
    return row


def locked(resume: ResumeImport) -> ResumeImport:
    """Return the row locked for change, within the caller's transaction: the profile first, then the import."""
    Professional.objects.select_for_update(no_key=True).get(pk=resume.professional_id)
    row: ResumeImport = (
        ResumeImport.objects.select_for_update(of=("self",)).select_related("professional").get(pk=resume.pk)
    )
    return row


def close(row: ResumeImport, status: ResumeImportStatus, *, failure: dict[str, Any] | None = None) -> None:
    """End an import: the file and what was read of it go, but for the parts that were accepted."""
    states.move(row, status)
    row.content, row.document, row.finished_at, row.failure = b"", b"", clock.now(), failure
    row.lease_token, row.lease_until = None, None
    row.touch("status", "content", "document", "finished_at", "failure", "lease_token", "lease_until")
    if status != ResumeImportStatus.CONFIRMED:
        ResumeImportItem.objects.filter(resume_import=row).delete()


# -- reading ----------------------------------------------------------------------------------------------------------
def execute(import_id: uuid.UUID, reader: Callable[[bytes], Reading] = sandbox.read) -> None:
    """Claim, read, record. Safe to call twice: whoever does not get the claim does nothing.

    ``reader`` opens the file, in a process of its own unless told otherwise. A file that cannot be read ends the
    import as failed, with a reason; a fault of ours is tried again, three times.
    """
    resume = claim(import_id)
    if resume is None:
        return
    token = resume.lease_token
    assert token is not None
    try:
        content = base64.b64decode(crypto.decrypt(bytes(resume.content), bound_to=_bound(resume, "content")))
        # Reading may take seconds: no transaction and no connection are held meanwhile.
        if not connection.in_atomic_block:
            connection.close()
        record(import_id, token, reader(content))
    except Refused as refusal:
        fail(import_id, token, refusal)
    except Exception as error:
        logger.exception("reading %s failed", resume.public_id)
        put_back(import_id, token, type(error).__name__)


@transaction.atomic
def claim(import_id: uuid.UUID) -> ResumeImport | None:
    """Take a due import, or None when it is taken, done, or not due. The token fences every later write."""
    row: ResumeImport | None = (
        ResumeImport.objects.due().select_for_update(skip_locked=True).filter(pk=import_id).first()
    )
    if row is None:
        return None
    if row.attempts >= ATTEMPTS:
        _fail(row, Refused("reader_lost"))
        return None
    if row.status == ResumeImportStatus.READING:  # its lease has lapsed: the worker is dead, or finds the fence closed
        row.status = ResumeImportStatus.QUEUED
    states.move(row, ResumeImportStatus.READING)
    row.attempts += 1
    row.lease_token, row.lease_until = uuid.uuid4(), clock.now() + dt.timedelta(seconds=LEASE_SECONDS)
    row.touch("status", "attempts", "lease_token", "lease_until")
    return row


@transaction.atomic
def record(import_id: uuid.UUID, token: uuid.UUID, reading: Reading) -> bool:
    """Write what was read as parts to be confirmed, if the fence is still ours; return whether it was."""
    row = _fenced(import_id, token)
    if row is None:
        return False
    professional = Professional.objects.with_everything().get(pk=row.professional_id)
    extras = ResumeExtras.objects.filter(professional=professional).first()
    proposals = proposing.propose(reading, professional, extras.kept if extras else {})
    ResumeImportItem.objects.bulk_create(_items(row, reading, proposals))
    row.format, row.language, row.pages = reading.format, reading.language, reading.pages
    row.notices = [{"code": each.code, "pointer": each.pointer, "data": each.data} for each in reading.notices]
    row.seal(reading.document)
    found = duplicates.find(reading.document, reading.identifiers, professional)
    row.duplicates, row.possible_duplicate = [each.as_json() for each in found], bool(found)
    states.move(row, ResumeImportStatus.READ)
    row.lease_token, row.lease_until = None, None
    row.touch(
        "status", "format", "language", "pages", "notices", "document", "duplicates", "possible_duplicate",
        "lease_token", "lease_until",
    )  # fmt: skip
    log.record(subject=row, action="resume_import.read", actor=None, format=row.format, parts=len(proposals))
    for each in found:
        duplicate_pairs.notice(
            professional=professional,
            other=each.professional,
            reasons={f"resume_{by}": each.similarity for by in each.by},
        )
    if found:
        log.record(
            subject=row,
            action="resume_import.possible_duplicate",
            actor=None,
            others=[each.professional.public_id for each in found],
            by=sorted({reason for each in found for reason in each.by}),
        )
    return True


def _items(row: ResumeImport, reading: Reading, proposals: Sequence[proposing.Proposal]) -> list[ResumeImportItem]:
    items = []
    for position, proposal in enumerate(proposals):
        source = source_of(reading.sources, proposal.pointer)
        item = ResumeImportItem(
            resume_import=row,
            position=position,
            section=proposal.section,
            path=proposal.path,
            status=proposal.status,
            confidence=proposal.confidence,
        )
        item.seal(
            {
                "value": proposal.value,
                "current": proposal.current,
                "target": proposal.target,
                "pointer": proposal.pointer,
                "source": {
                    "pointer": source.pointer,
                    "page": source.page or None,
                    "line": source.line or None,
                    "text": source.text,
                },
            }
        )
        items.append(item)
    return items


@transaction.atomic
def fail(import_id: uuid.UUID, token: uuid.UUID, refusal: Refused) -> None:
    """End an import whose file cannot be read, if the fence is still ours."""
    row = _fenced(import_id, token)
    if row is not None:
        _fail(row, refusal)


@transaction.atomic
def put_back(import_id: uuid.UUID, token: uuid.UUID, error: str) -> None:
    """Return an import that could not be finished to the queue, or end it after the last attempt."""
    row = _fenced(import_id, token)
    if row is None:
        return
    if row.attempts >= ATTEMPTS:
        _fail(row, Refused("reader_failed", error=error))
        return
    states.move(row, ResumeImportStatus.QUEUED)
    row.lease_token, row.lease_until = None, None
    row.next_attempt_at = clock.now() + dt.timedelta(seconds=5 * 4 ** (row.attempts - 1))
    row.touch("status", "lease_token", "lease_until", "next_attempt_at")


def _fenced(import_id: uuid.UUID, token: uuid.UUID) -> ResumeImport | None:
    row: ResumeImport | None = ResumeImport.objects.select_for_update().filter(pk=import_id, lease_token=token).first()
    if row is None or row.status != ResumeImportStatus.READING:
        logger.warning("the lease of an import was lost before it could be recorded")
        return None
    return row


def _fail(row: ResumeImport, refusal: Refused) -> None:
    close(
        row,
        ResumeImportStatus.FAILED,
        failure={"code": refusal.code, "pointer": refusal.pointer, "data": refusal.data},
    )
    log.record(subject=row, action="resume_import.fail", actor=None, code=refusal.code)


# -- sweeping ---------------------------------------------------------------------------------------------------------
def due_ids(limit: int = 100) -> list[uuid.UUID]:
    """Return the imports that somebody should read now, oldest first."""
    return list(ResumeImport.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:limit])


def discard_forgotten() -> int:
    """Close imports that nobody has confirmed for 30 days; return how many."""
    waiting = ResumeImport.objects.filter(
        status__in=(ResumeImportStatus.READ, ResumeImportStatus.QUEUED), created_at__lt=clock.now() - UNCONFIRMED
    )
    forgotten = list(waiting[:100])
    for resume in forgotten:
        with transaction.atomic():
            row = locked(resume)
            if row.status in {ResumeImportStatus.READ, ResumeImportStatus.QUEUED}:
                close(row, ResumeImportStatus.DISCARDED)
                log.record(subject=row, action="resume_import.discard", actor=None, cause="forgotten")
    return len(forgotten)


def _bound(resume: ResumeImport, column: str) -> str:
    return f"{resume.public_id}/{column}"
