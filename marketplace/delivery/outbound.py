"""The one way out: an HTTPS POST to an address that was checked, on a connection that is pinned to it.

The check sits in the network backend, between resolving and connecting: the address that is judged is the one that is
dialed, so a name that answers differently the second time gains nothing. No redirects, no proxies, no cookies; one
deadline for everything, and only so much of the answer is read.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
from django.conf import settings

from marketplace.delivery.addresses import Destination, NotSendable, destination, is_public

TOTAL_SECONDS = 15.0
CONNECT_SECONDS = 5.0
RESOLVE_SECONDS = 3.0
# The status says it all; the rest is read only so that the receiver is not cut off in the middle of its answer.
DRAIN_SECONDS = 1.0
DRAIN_BYTES = 64 * 1024

Resolver = Callable[[str, int, float], list[str]]


class Refused(Exception):
    """The request was not sent: the destination is not allowed. The message is a stable code."""


class Unreachable(Exception):
    """The request failed on the way. The message is a stable code: ``timeout``, ``tls``, ``connect``, ``protocol`` …"""


@dataclass(frozen=True)
class Answer:
    """``retry_after`` is what the receiver asks for in seconds, if it does (RFC 9110, section 10.2.3)."""

    status: int
    retry_after: int | None


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of ``host`` as the system's resolver gives them. Raises Unreachable.

    The resolver has no time limit of its own, so it is asked in a thread that may be left behind.
    """
    answers: list[list[str] | OSError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            answers.append(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=ask, name="resolver", daemon=True)
    thread.start()
    thread.join(seconds)
    if not answers:
        raise Unreachable("dns_timeout")
    first = answers[0]
    if isinstance(first, OSError):
        raise Unreachable("dns")
    return first


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Return the seconds left. Raises Unreachable when there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise Unreachable("timeout")
        return seconds if at_most is None else min(seconds, at_most)

    def shorten(self, seconds: float) -> None:
        """Leave at most ``seconds`` from now on."""
        self._end = min(self._end, time.monotonic() + seconds)


class _BoundedStream(httpcore.NetworkStream):
    """A stream on which every operation ends by the one deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(
            self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _CheckedBackend(httpcore.NetworkBackend):
    """Resolves, judges every address, and dials one of those that were judged."""

    def __init__(self, deadline: _Deadline, resolver: Resolver, judge: Callable[[str], bool]) -> None:
        self._deadline, self._resolver, self._judge = deadline, resolver, judge
        self._dialer = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = checked_addresses(host, port, self._resolver, self._judge, self._deadline.left(RESOLVE_SECONDS))
        failure: Exception = Unreachable("dns")
        for address in addresses[:3]:
            try:
                stream = self._dialer.connect_tcp(address, port, self._deadline.left(timeout), local_address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _BoundedStream(stream, self._deadline)
        raise failure


def checked_addresses(
    host: str, port: int, resolver: Resolver, judge: Callable[[str], bool], seconds: float = RESOLVE_SECONDS
) -> list[str]:
    """Return the addresses of ``host``. Raises Refused when any of them is not public, and Unreachable."""
    addresses = resolver(host, port, seconds)
    if not addresses:
        raise Unreachable("dns")
    if not all(map(judge, addresses)):
        raise Refused("address_not_public")
    return addresses


class Client:
    """Sends to public receivers only. ``allowed`` and ``authorities`` are for receivers on this machine."""

    def __init__(
        self,
        *,
        resolver: Resolver = resolve,
        allowed: Iterable[str] = (),
        authorities: str = "",
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._resolver = resolver
        self._allowed = frozenset(allowed)
        self._trust = _trust(authorities)
        self._seconds = total_seconds

    def check(self, url: str) -> None:
        """Judge a URL that somebody wants to save, and its present addresses. Raises Refused, Unreachable."""
        place = self._destination(url)
        checked_addresses(place.host, place.port, self._resolver, self._judge(place))

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``body`` and return the status. Raises Refused when nothing was sent, and Unreachable."""
        place = self._destination(url)
        deadline = _Deadline(self._seconds)
        backend = _CheckedBackend(deadline, self._resolver, self._judge(place))
        request = httpcore.Request(
            "POST",
            httpcore.URL(scheme=b"https", host=place.host.encode(), port=place.port, target=place.target.encode()),
            headers=[
                ("Host", place.authority),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
                ("Accept", "*/*"),
                *headers.items(),
            ],
            content=body,
            extensions={"timeout": {"connect": CONNECT_SECONDS, "read": self._seconds, "write": self._seconds}},
        )
        with contextlib.ExitStack() as stack, _told_plainly():
            pool = stack.enter_context(
                httpcore.ConnectionPool(
                    ssl_context=self._trust, max_keepalive_connections=0, retries=0, network_backend=backend
                )
            )
            response = pool.handle_request(request)
            stack.callback(response.close)
            _drain(response, deadline)
            return Answer(response.status, _retry_after(response))

    def _destination(self, url: str) -> Destination:
        try:
            return destination(url, allowed=self._allowed)
        except NotSendable as error:
            raise Refused(str(error)) from error

    def _judge(self, place: Destination) -> Callable[[str], bool]:
        return (lambda _address: True) if f"{place.host}:{place.port}" in self._allowed else is_public


def client() -> Client:
    """Return the client that the settings describe."""
    return Client(allowed=settings.OUTBOUND_ALLOWED_HOSTS, authorities=settings.OUTBOUND_CA_FILE)


@lru_cache
def _trust(authorities: str) -> ssl.SSLContext:
    context: ssl.SSLContext = httpcore.default_ssl_context()
    if authorities:
        context.load_verify_locations(cafile=authorities)
    return context


def _drain(response: httpcore.Response, deadline: _Deadline) -> None:
    """Read a little of the answer; what is more, or slow, or broken is left where it is."""
    deadline.shorten(DRAIN_SECONDS)
    size = 0
    with contextlib.suppress(httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, Unreachable):
        for piece in response.iter_stream():
            size += len(piece)
            if size > DRAIN_BYTES:
                return


def _retry_after(response: httpcore.Response) -> int | None:
    for name, value in response.headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) < 7:
            return int(value)
    return None


@contextlib.contextmanager
def _told_plainly() -> Any:
    """Turn what the library and the system raise into the codes that the delivery log shows."""
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise Unreachable("timeout") from error
    except httpcore.ConnectError as error:
        reason = error.args[0] if error.args else None
        raise Unreachable("tls" if isinstance(reason, ssl.SSLError) else "connect") from error
    except httpcore.NetworkError as error:
        raise Unreachable("connection_lost") from error
    except httpcore.ProtocolError as error:
        raise Unreachable("protocol") from error
