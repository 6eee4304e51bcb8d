"""The declared filters of imports."""

from __future__ import annotations

from django_filters import rest_framework as filters

from marketplace.rest.filters import IdFilter, IdsFilter, RecordFilterSet
from profiles.models import ResumeImport
from profiles.states import ResumeImportStatus


class OwnImportFilterSet(RecordFilterSet):
    ids = IdsFilter("imp")
    status = filters.MultipleChoiceFilter(choices=ResumeImportStatus.choices)

    class Meta:
        model = ResumeImport
        fields: tuple[str, ...] = ()


class ResumeImportFilterSet(OwnImportFilterSet):
    professional = IdFilter("prof", field_name="professional_id", label="Imports of this professional")
    possible_duplicate = filters.BooleanFilter(label="Only those that look like somebody known, or only the others")
