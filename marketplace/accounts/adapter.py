"""What a new account becomes, and in which words the letters and refusals about accounts are written."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.headless.adapter import DefaultHeadlessAdapter
from django.core.validators import MaxLengthValidator
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Language, User
from marketplace.accounts.permissions import Role


class AccountAdapter(DefaultAccountAdapter):
    """Whoever signs up is a professional; client and recruiter accounts are made by people who may."""

    def new_user(self, request: Any) -> Any:
        """Return a professional who is written to in the language in which they signed up."""
        user = super().new_user(request)
        user.role = Role.PROFESSIONAL
        spoken = translation.get_language()
        user.language = spoken if spoken in Language.values else Language.ENGLISH
        return user

    def clean_email(self, email: str) -> str:
        """Refuse an address longer than one can be (RFC 5321, 4.5.3.1.3), which allauth would cut to another one."""
        MaxLengthValidator(User._meta.get_field("email").max_length)(email)
        return str(super().clean_email(email))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the owner of the address, whoever asked; in that of the request if none."""
        reader = context.get("user") or User.objects.filter(email=email.lower()).first()
        with translation.override(reader.language if reader else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is: the name of the host says nothing to a reader."""
        return subject


class HeadlessAdapter(DefaultHeadlessAdapter):
    """The refusals that allauth leaves in English."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultHeadlessAdapter.error_messages,
        "unknown_email": _("Your account has no such e-mail address."),
        "invalid_token": _("This token is not valid."),
        "invalid_url": _("This is not a valid URL."),
    }
