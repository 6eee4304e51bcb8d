"""How long people have for their answers: the stated policy, as plain arithmetic on moments.

Hours are held for as long as answers are awaited, so the time is short; who is asked to wait for somebody else's
replacement waits a bounded time longer.
"""

from __future__ import annotations

import datetime as dt

ANSWER_WITHIN = dt.timedelta(hours=72)
TO_REPLACE = dt.timedelta(hours=24)
LONGEST_EXTENSION = dt.timedelta(days=7)
REMIND_BEFORE = dt.timedelta(hours=24)


def answer_by(now: dt.datetime, starts_on: dt.date) -> dt.datetime:
    """Return 72 hours from ``now``, but not after the first day (UTC) of the work, unless that day has passed."""
    first_day_ends = dt.datetime.combine(starts_on + dt.timedelta(days=1), dt.time.min, dt.UTC)
    return min(now + ANSWER_WITHIN, first_day_ends) if first_day_ends > now else now + ANSWER_WITHIN


def asked_until(now: dt.datetime, confirm_by: dt.datetime) -> dt.datetime:
    """Return by when each of a confirming cell must answer: a day before the cell as a whole has to stand.

    Somebody who does not answer can then still be replaced, and does not end it for everybody. Of a short time half is
    for answers.
    """
    return confirm_by - min(TO_REPLACE, max(confirm_by - now, dt.timedelta(0)) / 2)


def extended(now: dt.datetime, confirm_by: dt.datetime, first: dt.datetime, starts_on: dt.date) -> dt.datetime:
    """Return the deadline with time for one more answer: never earlier, and at most seven days after the ``first``."""
    return max(confirm_by, min(answer_by(now, starts_on), first + LONGEST_EXTENSION))


def reminder_due(now: dt.datetime) -> dt.datetime:
    """Return the latest deadline of which people are reminded ``now``."""
    return now + REMIND_BEFORE
