"""A mail server on this machine: enough of SMTP (RFC 5321) to take messages, or to refuse them."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """``recipient_code`` answers RCPT and ``data_code`` the end of a message."""

    port: int
    messages: list[tuple[str, bytes]] = field(default_factory=list)
    recipient_code: int = 250
    data_code: int = 250


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        state, recipient = self.server.state, ""
        self.say(220)
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                self.say(state.recipient_code)
            elif verb == b"DATA":
                self.say(354)
                text = b""
                while (part := self.rfile.readline()) not in {b".\r\n", b""}:
                    text += part
                if state.data_code < 400:
                    state.messages.append((recipient, text))
                self.say(state.data_code)
            else:
                self.say(221 if verb == b"QUIT" else 250)

    def say(self, code: int) -> None:
        self.wfile.write(b"%d x\r\n" % code)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    state: MailServer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = _Server(("127.0.0.1", 0), _Session)
    server.state = MailServer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
