"""Signing up: what allauth's own form does not ask of a password when there is no page to show it on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest

from marketplace.accounts.models import User


class SignUp(forms.Form):
    """The base of allauth's form (``ACCOUNT_SIGNUP_FORM_CLASS``), which judges a password not knowing whose it is."""

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is like the e-mail address it is to protect."""
        cleaned: dict[str, Any] = super().clean() or {}
        email, password = cleaned.get("email"), cleaned.get("password")
        if email and password:
            try:
                validate_password(password, User(email=email))
            except forms.ValidationError as refused:
                self.add_error("password", refused)
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing more is asked of a new account."""
