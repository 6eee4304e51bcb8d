"""The edge: every request gets an id and limits before anything else looks at it, every failure is a problem."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django_structlog.middlewares import RequestMiddleware

from marketplace.rest import problems

logger = logging.getLogger(__name__)

# Raised by a view that is not the API's, such as a page of an account: not found, not allowed, malformed.
_ANSWERED_BY_DJANGO = (Http404, PermissionDenied, BadRequest, SuspiciousOperation, MultiPartParserError)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLog(RequestMiddleware):
    """One line when a request begins and one when it ends, without its query: what people search for is theirs."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


class EdgeMiddleware:
    """Request id, body limit, NUL refusal, and RFC 9457 for whatever no view turned into an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id
        with translation.override(translation.get_language_from_request(request)):
            response = self._refusal(request) or self._answer(request)
            if response.status_code >= 400 and not response.get("Content-Type", "").startswith(
                ("application/problem+json", "application/json")
            ):
                response = self._as_problem(request, response)
            # A reply that is repeated keeps the language in which it was first given.
            response.setdefault("Content-Language", translation.get_language() or "en")
        response["X-Request-ID"] = request_id
        if "celula.rate" in request.META:
            limit, remaining, reset = request.META["celula.rate"]
            response["RateLimit-Limit"], response["RateLimit-Remaining"] = str(limit), str(remaining)
            response["RateLimit-Reset"] = str(reset)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.LARGER_BODIES.get(request.path, settings.MAX_BODY)
        if not (length.isascii() and length.isdigit()) or int(length) > most:
            detail = _("The body is larger than %(most)s MB.") % {"most": most // 1_048_576}
            return problems.response(request, 413, "too_large", detail, data={"most_bytes": most})
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return problems.response(request, 400, "malformed", _("A NUL character is not accepted."))
        return None

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except RequestDataTooBig:
            return problems.response(request, 413, "too_large", _("The body is larger than 1 MB."))
        except (OperationalError, InterfaceError) as error:
            logger.warning("database away: %s", type(error).__name__)
            return problems.response(request, 503, "busy", _("The service is busy; try again in a moment."))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An error that no handler knew: say nothing of its inside, log where it happened."""
        if isinstance(exception, _ANSWERED_BY_DJANGO):
            return None
        if isinstance(exception, OperationalError | InterfaceError):
            logger.warning("database away: %s", type(exception).__name__)
            return problems.response(request, 503, "busy", _("The service is busy; try again in a moment."))
        logger.error("unhandled %s", type(exception).__name__, exc_info=exception)
        return problems.response(request, 500, "internal", _("It has been logged; quote the request id."))

    def _as_problem(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        status = response.status_code
        if status == 404:
            return problems.response(request, 404, "not_found", _("There is nothing here, or it is not yours to see."))
        code = {400: "malformed", 403: "not_allowed", 405: "method_not_allowed"}.get(
            status, "internal" if status >= 500 else "error"
        )
        return problems.response(request, status, code, problems.TITLES.get(status, problems.TITLES[500]))
