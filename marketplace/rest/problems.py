"""Errors on the wire: RFC 9457 problem details, in the reader's language, with a stable code and JSON pointers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from psycopg import errors as pg
from rest_framework import exceptions
from rest_framework.response import Response

from marketplace.kernel.errors import DomainError, FieldError, Text

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"

TITLES: dict[int, Text] = {
    400: _("The request is malformed"),
    401: _("Who you are is not known"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Conflict with the current state"),
    412: _("It has changed since you saw it"),
    413: _("The request is too large"),
    415: _("Unsupported media type"),
    422: _("The request breaks a rule"),
    428: _("Say which version you saw"),
    429: _("Too many requests"),
    500: _("Something went wrong on our side"),
    503: _("Temporarily unavailable"),
}

# What PostgreSQL says when rows are contested or it is shutting down: the caller may simply try again.
_RETRYABLE = (
    pg.DeadlockDetected,
    pg.SerializationFailure,
    pg.LockNotAvailable,
    pg.QueryCanceled,
    pg.AdminShutdown,
    pg.CrashShutdown,
    pg.CannotConnectNow,
    pg.TooManyConnections,
)


def body(
    status: int,
    code: str,
    detail: Text,
    *,
    instance: str = "",
    request_id: str = "",
    errors: tuple[FieldError, ...] = (),
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the members of a problem: ``type, title, status, detail, instance, code, errors, request_id`` and data."""
    return {
        "type": f"urn:celula:problem:{code}",
        "title": str(TITLES.get(status, TITLES[500])),
        "status": status,
        "detail": str(detail),
        "instance": instance,
        "code": code,
        "errors": [
            {"pointer": e.pointer, "code": e.code, "detail": str(e.detail), **({"data": e.data} if e.data else {})}
            for e in errors
        ],
        "data": data or {},
        "request_id": request_id,
    }


def response(request: HttpRequest, status: int, code: str, detail: Text, **members: Any) -> HttpResponse:
    """Return a problem for a request that never reached a view."""
    content = body(
        status,
        code,
        detail,
        instance=request.path,
        request_id=request.META.get("HTTP_X_REQUEST_ID", ""),
        **members,
    )
    answer = HttpResponse(orjson.dumps(content, default=str), status=status, content_type=CONTENT_TYPE)
    answer["Content-Language"] = get_language() or "en"
    return answer


def exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; None lets an unknown error become a logged 500."""
    request = context["request"]
    status, code, detail, errors, data, headers = _describe(exception)
    if status is None:
        return None
    content = body(
        status,
        code,
        detail,
        instance=request.path,
        request_id=request.META.get("HTTP_X_REQUEST_ID", ""),
        errors=errors,
        data=data,
    )
    return Response(content, status=status, headers=headers, content_type=CONTENT_TYPE)


def _describe(
    exception: Exception,
) -> tuple[int | None, str, Text, tuple[FieldError, ...], dict[str, Any], dict[str, str]]:
    if isinstance(exception, DomainError):
        return exception.status, exception.code, exception.detail, exception.errors, exception.data, {}
    if isinstance(exception, exceptions.ValidationError):
        errors = tuple(_field_errors("", exception.get_full_details()))
        return 400, "invalid_input", _("Some fields cannot be read; see errors."), errors, {}, {}
    if isinstance(exception, Http404 | exceptions.NotFound):
        return 404, "not_found", _("There is nothing here, or it is not yours to see."), (), {}, {}
    if isinstance(exception, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        codes = exception.get_codes()
        code = codes if isinstance(codes, str) else "authentication_failed"
        challenge = {"WWW-Authenticate": 'Bearer realm="celula"'}
        return 401, code, str(exception.detail), (), {}, challenge
    if isinstance(exception, PermissionDenied | exceptions.PermissionDenied):
        return 403, "not_allowed", _("Your role or key does not permit this."), (), {}, {}
    if isinstance(exception, exceptions.Throttled):
        seconds = str(max(1, round(exception.wait or 1)))  # type: ignore[attr-defined]
        return 429, "too_many_requests", _("Slow down and try again."), (), {}, {"Retry-After": seconds}
    if isinstance(exception, RequestDataTooBig):
        return 413, "too_large", _("The body is larger than 1 MB."), (), {}, {}
    if isinstance(exception, SuspiciousOperation):
        return 400, "malformed", _("The request cannot be read."), (), {}, {}
    if isinstance(exception, exceptions.APIException):
        codes = exception.get_codes()
        return exception.status_code, codes if isinstance(codes, str) else "error", str(exception.detail), (), {}, {}
    if isinstance(exception, DatabaseError):
        if isinstance(exception.__cause__, _RETRYABLE) or isinstance(exception, OperationalError):
            # The cause is named, the statement and its row are not.
            logger.warning("database contention: %s", type(exception.__cause__).__name__)
            return 503, "busy", _("The service is busy; try again in a moment."), (), {}, {"Retry-After": "1"}
        if isinstance(exception.__cause__, pg.DataError):
            return 400, "malformed", _("A value cannot be stored."), (), {}, {}
    return None, "", "", (), {}, {}


def _field_errors(pointer: str, details: Any) -> Iterator[FieldError]:
    """Walk DRF's nested error details and yield one error per message, with its JSON pointer."""
    if isinstance(details, dict) and "message" in details and "code" in details:
        yield FieldError(pointer, str(details["code"]), str(details["message"]))
    elif isinstance(details, dict):
        for key, value in details.items():
            step = "" if key == "non_field_errors" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            yield from _field_errors(pointer + step, value)
    elif isinstance(details, list):
        nested = [index for index, item in enumerate(details) if isinstance(item, dict) and "message" not in item]
        for index, value in enumerate(details):
            if not value:
                continue
            yield from _field_errors(f"{pointer}/{index}" if nested else pointer, value)
