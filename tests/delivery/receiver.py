"""A receiver of webhooks on this machine: real TLS, real HTTP, and as rude as a test wants it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]


Behavior = Callable[["Handler", Received], None]


@dataclass
class Receiver:
    """``behavior`` answers; ``received`` is what came in, ``port`` where. ``released`` lets go of whoever hangs."""

    port: int
    behavior: Behavior
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/hook", host: str = "localhost") -> str:
        return f"https://{host}:{self.port}{path}"


class Handler(BaseHTTPRequestHandler):
    """Reads one request and leaves the answer to the receiver's behavior."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Received(self.path, headers, self.rfile.read(length))
        self.server.receiver.received.append(request)
        self.server.receiver.behavior(self, request)
        self.close_connection = True

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(body)), **named}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def hang(self) -> None:
        """Keep the caller waiting until the test is over."""
        assert self.server.receiver.released.wait(60)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    receiver: Receiver
    trust: ssl.SSLContext | None = None
    daemon_threads = True
    block_on_close = False

    def process_request(self, request: Any, client_address: Any) -> None:
        self.receiver.connections += 1
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the thread of the connection, so that a handshake that never ends holds up nobody else.
        if self.trust is not None:
            request = self.trust.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that goes away in the middle is what many tests are about."""


def ok(handler: Handler, request: Received) -> None:
    handler.answer(200, b"thanks")


def always(status: int, **headers: str) -> Behavior:
    return lambda handler, request: handler.answer(status, **headers)


def one_after_another(*behaviors: Behavior) -> Behavior:
    """Answer the first request by the first behavior, and so on; the last one stays."""
    waiting = list(behaviors)

    def next_one(handler: Handler, request: Received) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler, request)

    return next_one


@contextmanager
def receiver(
    authority: trustme.CA | None, behavior: Behavior = ok, *, names: tuple[str, ...] = ("localhost",)
) -> Iterator[Receiver]:
    """Listen on a free port of the loopback interface, with a certificate for ``names``, or in the clear."""
    server = Server(("127.0.0.1", 0), Handler)
    if authority is not None:
        server.trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(server.trust)
    made = server.receiver = Receiver(server.server_address[1], behavior)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def authority_file(authority: trustme.CA, folder: Path) -> str:
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)
