"""Which addresses belong to the public internet, and which URLs may be sent to at all.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890) and RFC 6052 for NAT64. A list of our
own, since what ``ipaddress.is_global`` says has changed between patch releases of Python.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_NOT_PUBLIC_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        ),
    )
)  # fmt: skip
# Only 2000::/3 is handed out. Within it: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112. What
# embeds an IPv4 address (::ffff:0:0/96, 64:ff9b::/96, ::/96) lies outside or is named here: it could lead anywhere.
_HANDED_OUT_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        ipaddress.IPv6Network,
        ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)

# One reading for the check and for the connection: whatever does not fit is refused, nothing is repaired.
_URL = re.compile(
    r"https://(?P<host>[A-Za-z0-9.-]{1,253})(?::(?P<port>[0-9]{1,5}))?(?P<target>/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
LONGEST_URL = 2000
# Names that resolve inside a network, or nowhere (RFC 6761, RFC 6762, RFC 8375, RFC 9476 and common use).
_INNER_ENDS = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "alt", "invalid", "test"}
)


@dataclass(frozen=True)
class Destination:
    """Where a request goes: ``host`` in lower case, ``target`` is path and query."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The ``Host`` header; the port of https is left out."""
        return self.host if self.port == 443 else f"{self.host}:{self.port}"


class NotSendable(ValueError):
    """A URL that must not be sent to; the message is a stable code."""


def destination(url: str, *, allowed: frozenset[str] = frozenset()) -> Destination:
    """Return the parts of an https URL with a public-looking name. Raises NotSendable.

    Codes: ``url_too_long``, ``url_not_https``, ``url_malformed`` (user-info, fragments, IPv6 literals and anything
    beyond plain ASCII among them), ``url_host_is_an_address``, ``url_host_not_public``, ``url_port_not_allowed``.
    ``allowed`` holds ``host:port`` that are sent to whatever they are; for receivers on this machine while developing.
    """
    if len(url) > LONGEST_URL:
        raise NotSendable("url_too_long")
    if not url.lower().startswith("https://"):
        raise NotSendable("url_not_https")
    found = _URL.fullmatch("https" + url[5:])
    if found is None:
        raise NotSendable("url_malformed")
    host, port = found["host"].lower(), int(found["port"] or 443)
    made = Destination(host, port, found["target"] or "/")
    if f"{host}:{port}" in allowed:
        return made
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise NotSendable("url_malformed")
    # What ends in a number is an address to some resolver: 127.1, 0x7f.1, 2130706433 (WHATWG URL, "ends in a number").
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise NotSendable("url_host_is_an_address")
    if len(labels) < 2 or labels[-1] in _INNER_ENDS:
        raise NotSendable("url_host_not_public")
    # Lower ports are those of other services, which a request could be made to talk to.
    if port != 443 and not 1024 <= port <= 65535:
        raise NotSendable("url_port_not_allowed")
    return made


def is_public(address: str) -> bool:
    """Tell whether an IPv4 or IPv6 address, as resolvers write it, belongs to the public internet."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_4)
    if parsed.scope_id is not None:
        return False
    return parsed in _HANDED_OUT_6 and not any(parsed in network for network in _NOT_PUBLIC_6)
