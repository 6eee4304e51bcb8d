"""Every column of ours is declared, with what a data right needs to know of the personal ones."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from marketplace.accounts.models import User
from marketplace.kernel import personal_data
from profiles.models import Professional

OURS = [
    model
    for config in apps.get_app_configs()
    if config.name.split(".")[0] in {"marketplace", "profiles", "matching"}
    for model in config.get_models()
]


def test_the_rooms_with_tables_are_all_looked_at():
    assert {"accounts", "audit", "delivery", "profiles", "clients", "matching", "rest"} <= {
        m._meta.app_label for m in OURS
    }
    assert User._meta.label == settings.AUTH_USER_MODEL


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_column_is_forgotten(model):
    assert personal_data.undeclared(model) == set()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_column_is_declared_that_does_not_exist(model):
    declared = personal_data.personal_fields(model).keys() | personal_data._plain[model._meta.label]
    assert declared == {field.name for field in model._meta.concrete_fields}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_personal_columns_say_why_how_long_and_who_erases_them(model):
    for name, field in personal_data.personal_fields(model).items():
        assert all((field.purpose, field.basis, field.retention)), name
        assert field.eraser in {"blank", "row", "keep"}, name


def test_a_new_column_is_noticed():
    class Newcomer(models.Model):
        shoe_size = models.IntegerField()

        class Meta:
            app_label = "kernel"
            managed = False

    try:
        assert personal_data.undeclared(Newcomer) == {"id", "shoe_size"}
    finally:
        del apps.all_models["kernel"]["newcomer"]
        apps.clear_cache()


@pytest.mark.parametrize(
    "name", ["rfc_encrypted", "curp_encrypted", "rfc_index", "given_names", "contact_email", "phone_encrypted"]
)
def test_what_identifies_a_person_is_declared_personal(name):
    assert name in personal_data.personal_fields(Professional)
