"""When a person may be written to: quiet hours and the time of the digest, in the person's own zone.

Pure functions over IANA zones; minutes count from local midnight.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Hours:
    """``quiet_until`` below ``quiet_from`` is on the next day; equal ones mean no quiet hours."""

    zone: str
    quiet_from: int
    quiet_until: int
    digest_at: int

    def is_quiet(self, moment: dt.datetime) -> bool:
        """Tell whether ``moment`` lies in the quiet hours, whose first minute is quiet and whose end is not."""
        local = moment.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= minute < self.quiet_until
        return minute >= self.quiet_from or minute < self.quiet_until

    def after_quiet(self, moment: dt.datetime) -> dt.datetime:
        """Return ``moment``, or the end of the quiet hours that it lies in."""
        return self._next(moment, self.quiet_until) if self.is_quiet(moment) else moment

    def next_digest(self, moment: dt.datetime) -> dt.datetime:
        """Return the next time of the digest after ``moment``, outside the quiet hours."""
        return self.after_quiet(self._next(moment, self.digest_at))

    def _next(self, moment: dt.datetime, minute: int) -> dt.datetime:
        """Return the next time that clocks show ``minute``, in UTC; in the gap of spring, when they have passed it."""
        zone = ZoneInfo(self.zone)
        day = moment.astimezone(zone).date()
        while True:
            local = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), zone)
            if (found := local.astimezone(dt.UTC)) > moment:
                return found
            day += dt.timedelta(days=1)


def email_due(
    *, hours: Hours, cadence: str, now: dt.datetime, urgent_until: dt.datetime | None = None
) -> dt.datetime | None:
    """Return when an e-mail should go out, or None for never.

    ``cadence`` is ``immediate``, ``digest`` or ``off``. What would be of no use at the time that cadence and quiet
    hours give (``urgent_until``) goes at the first of these that is early enough: after the quiet hours, or now.
    """
    if cadence == "off":
        return None
    after_quiet = hours.after_quiet(now)
    due = hours.next_digest(now) if cadence == "digest" else after_quiet
    if urgent_until is None or due < urgent_until:
        return due
    return after_quiet if after_quiet < urgent_until else now
