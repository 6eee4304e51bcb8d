"""What this room must know of people and only higher floors can tell: they register the answer while getting ready."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping

ZoneSource = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, str]]
AdministratorSource = Callable[[uuid.UUID], Collection[uuid.UUID]]

_zone_sources: dict[str, ZoneSource] = {}
_administrator_sources: dict[str, AdministratorSource] = {}


def register_zones(name: str, source: ZoneSource) -> None:
    """Have ``source(user ids)`` asked in which IANA zone people live; it leaves out whom it does not know."""
    _zone_sources[name] = source


def register_administrators(name: str, source: AdministratorSource) -> None:
    """Have ``source(organization id)`` asked which users administer an organization."""
    _administrator_sources[name] = source


def zones_of(users: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the IANA zones of those of these users whose zone is known."""
    found: dict[uuid.UUID, str] = {}
    for source in _zone_sources.values():
        found |= source(users)
    return found


def administrators_of(organization_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the users who administer an organization."""
    return {user for source in _administrator_sources.values() for user in source(organization_id)}
