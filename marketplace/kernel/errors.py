"""What can go wrong, said once: services raise these, only ``marketplace.rest.problems`` turns them into HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class FieldError:
    """One fault in the input: ``pointer`` is a JSON pointer (RFC 6901) into the body, ``code`` is stable."""

    pointer: str
    code: str
    detail: Text
    data: dict[str, Any] | None = None


class DomainError(Exception):
    """A refusal that says what is wrong and how to mend it. ``code`` never changes and is never translated."""

    status = 400

    def __init__(
        self, code: str, detail: Text, *, errors: Iterable[FieldError] = (), data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.data = data or {}


class NotFound(DomainError):
    """Absent, or not visible to the actor: the two look the same."""

    status = 404


class NotAllowed(DomainError):
    """Visible, but not for this actor to do."""

    status = 403


class Invalid(DomainError):
    """Well-formed input that breaks a rule."""

    status = 422

    @classmethod
    def field(cls, pointer: str, code: str, detail: Text, **data: Any) -> Invalid:
        """Return the refusal of a single field."""
        return cls(code, detail, errors=[FieldError(pointer, code, detail, data or None)])

    @classmethod
    def several(cls, errors: Sequence[FieldError]) -> Invalid:
        """Return one refusal of all faults found, under the code of the first."""
        return cls(errors[0].code, errors[0].detail, errors=errors)


class Conflict(DomainError):
    """The state of things has moved on since the caller looked."""

    status = 409


class IllegalTransition(Conflict):
    """A state machine has no such move."""


class PreconditionFailed(DomainError):
    """The version that the decision names is not the current one (RFC 9110, section 13)."""

    status = 412


class PreconditionRequired(DomainError):
    """A write that could overwrite must name the version it saw (RFC 6585, section 3)."""

    status = 428


class Unavailable(DomainError):
    """A dependency is away; the same request may succeed later."""

    status = 503
