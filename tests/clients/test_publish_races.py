"""Two at once, on real connections: one wins, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Project
from marketplace.clients.services import projects
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel.errors import Conflict, DomainError, PreconditionFailed
from marketplace.kernel.money import Money
from tests.factories import clients

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Run each on a connection of its own, all from the same moment; return results or refusals."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(position: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            results[position] = work()
        except DomainError as refusal:
            results[position] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_of_several_publishers_one_publishes() -> None:
    project = clients.project(clients.organization())
    results = at_once(*[lambda: projects.publish(project=project, actor=None)] * 6)
    assert sorted(type(result).__name__ for result in results) == ["IllegalTransition"] * 5 + ["Project"]
    assert AuditEvent.objects.filter(subject=project.public_id, action="project.published").count() == 1
    assert OutboxEvent.objects.filter(subject=project.public_id, kind="project.published").count() == 1
    assert Project.objects.get(pk=project.pk).version == 2


def test_of_a_publisher_and_an_editor_with_one_version_one_wins() -> None:
    project = clients.project(clients.organization())
    published, edited = at_once(
        lambda: projects.publish(project=project, version=1, actor=None),
        lambda: projects.update(project=project, version=1, title="New", actor=None),
    )
    row = Project.objects.get(pk=project.pk)
    if isinstance(published, Project):
        assert isinstance(edited, PreconditionFailed)
        assert (row.status, row.title) == ("published", "Reconciliation batch in Java")
    else:
        assert isinstance(published, PreconditionFailed)
        assert (row.status, row.title) == ("draft", "New")
    assert row.version == 2


def test_an_external_id_is_taken_once_even_at_once() -> None:
    organization = clients.organization()
    template = clients.project(organization)

    def create() -> Project:
        return projects.create(
            organization=organization,
            title="Twin",
            solution_type="ai",
            external_id="REQ-1",
            starts_on=template.starts_on,
            ends_on=template.ends_on,
            monthly_cap=Money.of(1, "USD"),
            actor=None,
        )

    results = at_once(create, create)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Project"]
    (refusal,) = (result for result in results if isinstance(result, Conflict))
    assert refusal.code == "external_id_taken"
    assert Project.objects.filter(external_id="REQ-1").count() == 1


def test_a_fact_waits_for_those_that_were_written_before_it() -> None:
    """The feed must not show a later fact while an earlier one is still on its way: its reader would miss that one."""
    organization = clients.organization()
    early, late = clients.project(organization), clients.project(organization)
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "INSERT INTO delivery_outboxevent (id, created_at, updated_at, version, organization_id, kind, subject,"
                " data) VALUES (%s, now(), now(), 1, %s, 'project.published', %s, '{}')",
                [OutboxEvent().pk, organization.pk, early.public_id],
            )
            written.set()
            go_on.wait(timeout=10)
            cursor.execute("COMMIT")
        connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    assert written.wait(timeout=10)
    projects.publish(project=late, actor=None)
    shown_meanwhile = list(OutboxEvent.objects.settled().values_list("subject", flat=True))
    go_on.set()
    writer.join(timeout=10)
    shown_after = list(OutboxEvent.objects.settled().order_by("pk").values_list("subject", flat=True))
    assert shown_meanwhile == []
    assert shown_after == [early.public_id, late.public_id]
