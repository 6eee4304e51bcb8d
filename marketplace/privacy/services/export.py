"""Everything that is kept about a person, as one document: the right of access."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from marketplace.accounts.actors import Actor
from marketplace.privacy.services import records
from profiles.models import Professional
from profiles.services import professionals, tax_ids

FORMAT = "celula-personal-data/1"


def everything_about(*, professional: Professional, actor: Actor) -> dict[str, Any]:
    """Return all tables with rows of the person, by name; identifiers in clear, the reading of which is audited.

    For each personal column ``purposes`` tells what it is for, on which basis and for how long it is kept.
    """
    identifiers = tax_ids.read(professional=professional, actor=actor)
    tables, purposes = {}, {}
    for holding in records.of(professional):
        name = holding.model._meta.model_name or ""
        # Encrypted columns come below in clear; their ciphertext and indexes would tell nobody anything.
        columns = [
            field.attname
            for field in holding.model._meta.concrete_fields
            if not isinstance(field, models.BinaryField) and field.name not in {"password", "rfc_index", "curp_index"}
        ]
        rows = [{column: getattr(row, column) for column in columns} for row in holding.rows]
        if rows:
            tables[name] = rows
            purposes[name] = {
                column: {"purpose": said.purpose, "basis": said.basis, "retention": said.retention}
                for column, said in holding.personal.items()
            }
    document = {
        "format": FORMAT,
        "professional": professional.public_id,
        "identifiers": {
            "phone": professionals.phone(professional),
            "rfc": identifiers.rfc,
            "curp": identifiers.curp,
        },
        "tables": tables,
        "purposes": purposes,
    }
    plain: dict[str, Any] = json.loads(json.dumps(document, cls=DjangoJSONEncoder))
    return plain
