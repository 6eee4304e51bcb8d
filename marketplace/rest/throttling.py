"""A steady rate per caller: the generic cell rate algorithm (ITU-T I.371), atomic in Redis.

The written rule for when Redis is away: requests pass. The limits protect capacity, not secrets, and a marketplace that
stops because a counter is unreachable is the worse failure.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from marketplace.rest.scope import caller

logger = logging.getLogger(__name__)

# KEYS[1] the caller; ARGV emission interval and burst in microseconds. Returns allowed, wait, remaining tokens.
_GCRA = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local arrival = tonumber(redis.call('GET', KEYS[1]) or now)
if arrival < now then arrival = now end
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local after = arrival + interval
if after - burst > now then return {0, after - burst - now, 0} end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000) + 1000)
return {1, 0, math.floor((burst - (after - now)) / interval)}
"""


@lru_cache
def connection() -> redis.Redis:
    """Return the process's client, with short timeouts: a counter must not hold a request up."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, protocol=2)


class SteadyRate(BaseThrottle):
    """``per_minute`` requests for a known caller, fewer per unknown address, with a burst of a quarter of it."""

    per_minute = 1200
    anonymous_per_minute = 120
    _wait = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not settings.THROTTLE:
            return True
        known = caller(request)
        rate = self.per_minute if known else self.anonymous_per_minute
        name = known.principal if known else self.get_ident(request)
        interval = 60_000_000 // rate
        try:
            allowed, wait, left = connection().eval(  # type: ignore[misc]
                _GCRA, 1, f"{settings.REDIS_PREFIX}:rate:{name}", interval, interval * max(10, rate // 4)
            )
        except redis.RedisError as error:
            logger.warning("rate limit skipped, Redis is away: %s", type(error).__name__)
            return True
        self._wait = wait / 1_000_000
        request.META["celula.rate"] = (rate, left, max(1, round(self._wait)))
        return bool(allowed)

    def wait(self) -> float:
        return self._wait

    def get_ident(self, request: Request) -> str:
        """Return the address of the nearest hop that we do not run ourselves; a forged header earns nothing."""
        hops: list[str] = [
            hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()
        ]
        hops.append(request.META.get("REMOTE_ADDR", ""))
        trusted: int = settings.TRUSTED_PROXIES
        return str(hops[max(0, len(hops) - 1 - trusted)])
