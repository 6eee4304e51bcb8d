"""OpenAPI: what drf-spectacular cannot see by itself. Problems, headers and rate limits, once for every operation."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. `code` is stable and never translated; `title` and `detail` are.",
    "required": ["type", "title", "status", "detail", "instance", "code", "errors", "data", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer (RFC 6901) into the body"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "data": {"type": "object", "additionalProperties": True},
                },
            },
        },
        "data": {"type": "object", "additionalProperties": True},
        "request_id": {"type": "string"},
    },
    "example": {
        "type": "urn:celula:problem:invalid_input",
        "title": "The request is malformed",
        "status": 400,
        "detail": "Some fields cannot be read; see errors.",
        "instance": "/api/v1/projects",
        "code": "invalid_input",
        "errors": [{"pointer": "/ends_on", "code": "required", "detail": "This field is required."}],
        "data": {},
        "request_id": "0193f0c2b7de4c4d",
    },
}
_DESCRIPTIONS = {
    "400": "Malformed: unknown fields or parameters, wrong types",
    "401": "No session or key, or it has expired",
    "403": "The role or the key's scopes do not permit this",
    "404": "Absent, or not visible to you",
    "405": "The resource has no such method",
    "406": "No such representation",
    "409": "The state has moved on",
    "412": "If-Match names an older version",
    "413": "The body is larger than 1 MB (a résumé: 5 MB)",
    "415": "The body is not JSON",
    "422": "Well-formed, but it breaks a rule",
    "428": "If-Match is required",
    "429": "Too many requests; see Retry-After",
    "503": "Busy or a dependency is away; try again",
}


class Schema(AutoSchema):
    """Adds the language, idempotency and version headers to the operations that read them."""

    def get_override_parameters(self) -> list[Any]:
        return []

    def get_description(self) -> str:  # type: ignore[override]
        """Only what an operation says of itself: docstrings of resources speak to who reads the code."""
        action = getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)
        return get_doc(action) if action else ""

    def get_tags(self) -> list[str]:
        tags = getattr(self.view, "schema_tags", None)
        return list(tags) if tags else super().get_tags()


class DescribedFilters(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Filters that state their type keep their label as description, which the library drops."""

    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, field: Any
    ) -> Any:
        """Return the parameters of one filter."""
        parameters = super().resolve_filter_field(  # type: ignore[no-untyped-call]
            auto_schema, model, filterset_class, field_name, field
        )
        for parameter in parameters:
            if not parameter.get("description") and field.label:
                parameter["description"] = str(field.label)
        return parameters


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: document the problems and the shared headers of each operation."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components.setdefault("responses", {}).update(
        {
            f"Problem{status}": {
                "description": text,
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            for status, text in _DESCRIPTIONS.items()
        }
    )
    components.setdefault("parameters", {}).update(
        {
            "AcceptLanguage": {
                "name": "Accept-Language",
                "in": "header",
                "description": "`en` or `es-MX`; without it, the language that the person has chosen, or English",
                "schema": {"type": "string"},
            },
            "IdempotencyKey": {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "Repeating a request with the same key and body gives the same reply for 24 hours",
                "schema": {"type": "string", "maxLength": 255},
            },
            "IfMatch": {
                "name": "If-Match",
                "in": "header",
                "description": "The ETag of what you saw",
                "schema": {"type": "string"},
            },
        }
    )
    for schema in components["schemas"].values():
        # What a reader with fewer rights gets is often part of what another gets, and then it is valid as both.
        if all("$ref" in one for one in schema.get("oneOf", [{}])):
            schema["anyOf"] = schema.pop("oneOf")
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if method not in {"get", "post", "put", "patch", "delete"}:
                continue
            statuses = ["400", "401", "403", "405", "406", "429", "503"]
            references = ["AcceptLanguage"]
            # A list is absent too where ?format= names a representation that it does not have.
            statuses.append("404")
            if method != "get":
                statuses += ["409", "413", "415", "422"]
            elif not path.endswith("}") and "{" in path:
                statuses += ["409", "422"]  # a question about a row, which its state or the question may not allow
            if method == "post":
                references.append("IdempotencyKey")
            if method == "patch" or operation.pop("x-if-match", False):
                references.append("IfMatch")
            if "IfMatch" in references or any(one.get("name") == "If-Match" for one in operation.get("parameters", [])):
                statuses += ["412", "428"]
            for status in sorted(set(statuses)):
                operation.setdefault("responses", {}).setdefault(
                    status, {"$ref": f"#/components/responses/Problem{status}"}
                )
            operation["parameters"] = operation.get("parameters", []) + [
                {"$ref": f"#/components/parameters/{name}"} for name in references
            ]
    return result
