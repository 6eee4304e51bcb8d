"""What a new account becomes: a professional. Client and recruiter accounts are made by people who may."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from marketplace.accounts.permissions import Role


class AccountAdapter(DefaultAccountAdapter):
    def new_user(self, request: Any) -> Any:
        user = super().new_user(request)
        user.role = Role.PROFESSIONAL
        return user
