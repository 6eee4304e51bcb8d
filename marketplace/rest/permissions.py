"""Who may call: the least that every route asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from marketplace.rest.scope import caller

if TYPE_CHECKING:
    # The settings name this module, which rest_framework.views reads while it is being imported.
    from rest_framework.views import APIView


class Authenticated(BasePermission):
    """A person with a session or a system with a key."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return caller(request) is not None


class MayAct(BasePermission):
    """The permission that the view names for the action; an action that names none is refused."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        actor = caller(request)
        if actor is None:
            return False
        action = getattr(view, "action", None)
        if action is None:  # a method the route does not have: let DRF answer 405
            return True
        permission = getattr(view, "permissions", {}).get(action)
        return permission is not None and actor.may(permission)
