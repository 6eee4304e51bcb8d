"""The one base of every resource: scoped, permitted per action, strict about parameters, idempotent on POST."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.kernel import identifiers
from marketplace.kernel.errors import NotFound
from marketplace.kernel.models import Record
from marketplace.rest import etags, idempotency
from marketplace.rest.permissions import MayAct

_ALWAYS_ALLOWED = frozenset({"format"})
_PAGING = frozenset({"cursor", "page_size"})


class ScopedViewSet(viewsets.GenericViewSet[Any]):
    """A resource whose rows come from ``model.objects.visible_to(actor)`` and nowhere else.

    ``permissions`` maps each action to the permission it needs; an action without one is refused. Foreign and absent
    rows answer the same 404. Unknown query parameters answer 400; ``action_parameters`` are those of single actions.
    A POST in ``aside`` works for seconds outside of any transaction, its key reserved before and its reply kept after.
    A POST in ``repeatable`` keeps nothing that a repeat would double: it ignores ``Idempotency-Key`` and runs outside
    of any transaction.
    """

    model: ClassVar[type[Record]]
    permissions: ClassVar[dict[str, str]] = {}
    permission_classes = (MayAct,)
    filter_backends = (filters.DjangoFilterBackend,)
    query_parameters: ClassVar[frozenset[str]] = frozenset()
    action_parameters: ClassVar[dict[str, frozenset[str]]] = {}
    repeatable: ClassVar[frozenset[str]] = frozenset()
    aside: ClassVar[frozenset[str]] = frozenset()
    lookup_value_regex = r"[a-z]+_[0-9a-z]{26}"

    @property
    def actor(self) -> Any:
        """Who is asking; the floor above knows the type, here it need only be ``scope.Actor``."""
        return self.request.user

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()  # type: ignore[attr-defined, no-any-return]
        return self.model.objects.visible_to(self.actor)  # type: ignore[attr-defined, no-any-return]

    def get_object(self) -> Any:
        key = identifiers.decode(self.model.prefix, self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        row = self.get_queryset().filter(pk=key).first() if key else None
        if row is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        self.check_object_permissions(self.request, row)
        return row

    def perform_authentication(self, request: Request) -> None:
        """Count every request before judging it: guesses and refusals use up the rate like anything else."""
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Done while authenticating; DRF would ask here, after those without permission have already left."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._refuse_unknown_parameters(request)

    def _refuse_unknown_parameters(self, request: Request) -> None:
        known = set(_ALWAYS_ALLOWED | self.query_parameters | self.action_parameters.get(self.action, frozenset()))
        if self.action == "list":
            known |= _PAGING
            filterset = getattr(self, "filterset_class", None)
            if filterset is not None:
                known |= set(filterset.base_filters)
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            message = _("This parameter is not known here. Known: %(known)s.") % {"known": ", ".join(sorted(known))}
            raise ValidationError({name: [message] for name in unknown}, code="unknown_parameter")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF's own, with POST running at most once per ``Idempotency-Key``."""
        self.args, self.kwargs = args, kwargs
        request = self.initialize_request(request, *args, **kwargs)
        self.request = request
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            method = (request.method or "").lower()
            handler = getattr(self, method, self.http_method_not_allowed)
            if method == "post" and self.action not in self.repeatable:
                answered = idempotency.aside if self.action in self.aside else idempotency.once
                response = answered(request, lambda: self._perform(handler))
            else:
                response = handler(request, *args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        return self.response

    def _perform(self, handler: Any) -> Response:
        """Run the handler and render its answer, refusals included, so that what is stored is what is sent."""
        try:
            response = handler(self.request, *self.args, **self.kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        finished: Response = self.finalize_response(self.request, response, *self.args, **self.kwargs)  # type: ignore[assignment]
        # Stored with the reply: who repeats the request in another language gets it as it was given.
        finished["Content-Language"] = get_language() or "en"
        return finished

    def read(self, serializer: type[serializers.Serializer[Any]], **options: Any) -> dict[str, Any]:
        """Return the validated body as keyword arguments for a service."""
        incoming = serializer(data=self.request.data, context=self.get_serializer_context(), **options)
        incoming.is_valid(raise_exception=True)
        return dict(incoming.validated_data)

    def read_query(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the validated query parameters of a route that is no list; of a repeated one the last."""
        given = {name: value for name, value in self.request.query_params.items() if name not in _ALWAYS_ALLOWED}
        incoming = serializer(data=given, context=self.get_serializer_context())
        incoming.is_valid(raise_exception=True)
        return dict(incoming.validated_data)

    def show(
        self, serializer: type[serializers.BaseSerializer[Any]], row: Any, *, status: int = 200, location: str = ""
    ) -> Response:
        """Return a row with its ETag."""
        headers = {"ETag": etags.tag(row)} if isinstance(row, Record) else {}
        if location:
            headers["Location"] = location
        return Response(
            serializer(row, context=self.get_serializer_context()).data, status=status, headers=headers or None
        )

    def show_page(self, serializer: type[serializers.BaseSerializer[Any]], rows: QuerySet[Any]) -> Response:
        """Return one cursor page of rows after the declared filters."""
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(
            serializer(page, many=True, context=self.get_serializer_context()).data  # type: ignore[arg-type]
        )
