"""What this room follows below it."""

from __future__ import annotations

from marketplace.privacy.services import merged_people
from profiles.services.merging import followers

followers.register(merged_people.FOLLOWER)
