"""Who you are: users with a role, and the keys with which an organization's systems come in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.permissions import Role
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es-mx", _("Spanish (Mexico)")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new user; without a password they cannot log in until they set one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin, Record):
    """A person who can log in. The role says what they may do; memberships and profiles say for whom."""

    prefix: ClassVar[str] = "user"

    email = models.EmailField(unique=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.PROFESSIONAL)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.ENGLISH)
    is_active = models.BooleanField(default=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [one_of("role", Role.values, "user_role_known")]


class ApiKeyQuerySet(ScopedQuerySet):
    def of_organization(self, organization_id: uuid.UUID) -> ApiKeyQuerySet:
        """Return the keys of an organization whose administrator the caller has made sure of."""
        return self.filter(organization_id=organization_id)


class ApiKey(Record):
    """A key of an organization. Only a digest of the secret is stored; the text is shown once.

    ``organization_id`` is not a foreign key: organizations live on a floor above, and calls go down.
    """

    prefix: ClassVar[str] = "key"

    organization_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=80)
    live = models.BooleanField(default=True)
    lookup = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=32))
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    objects = ApiKeyQuerySet.as_manager()

    @property
    def usable(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > clock.now())
