"""The one way out: no address that is not public, no redirect, no wrong certificate, no end of time or bytes."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from marketplace.delivery import addresses, outbound
from tests.delivery import receiver as receivers

PUBLIC = "93.184.215.14"

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254
169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.31.196.1
192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.254 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::2 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:93.184.215.14 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2620:4f:8000::1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1
fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 ::ffff:169.254.169.254 0:0:0:0:0:ffff:7f00:0001
""".split()  # noqa: SIM905 - so many words read better without their quotes

REFUSED_URLS = """
http://example.com/ ftp://example.com/ file:///etc/passwd gopher://example.com/ //example.com/ example.com
javascript:alert(1) https:// https:/// https:example.com https:/example.com https://user@example.com/
https://user:password@example.com/ https://example.com@127.0.0.1/ https://127.0.0.1#@example.com/
https://example.com#@127.0.0.1/ https://example.com\\@127.0.0.1/ https://127.0.0.1\\.example.com/
https://example.com%2f@127.0.0.1/ https://example.com%00.evil.example/ https://ex%61mple.com/ https://[::1]/
https://[::ffff:127.0.0.1]/ https://[fe80::1%25eth0]/ https://127.0.0.1/ https://127.1/ https://127.0.1/ https://0/
https://0.0.0.0/ https://2130706433/ https://0x7f000001/ https://0x7f.1/ https://0177.0.0.1/ https://017700000001/
https://127.0.0.0x1/ https://169.254.169.254/latest/meta-data/ https://169.254.43518/ https://0xa9fea9fe/
https://10.0.0.1/ https://93.184.215.14/ https://localhost/ https://LOCALHOST/ https://localhost./ https://a.localhost/
https://printer.local/ https://metadata.google.internal/ https://db.corp/ https://intranet/ https://metadata/
https://server.lan/ https://1.0.0.127.in-addr.arpa/ https://example.com./ https://example..com/ https://.example.com/
https://-a.example.com/ https://a-.example.com/ https://ex_ample.com/ https://例え.jp/ https://exámple.com/
https://１２７.０.０.１/ https://①②⑦.example.com/ https://example.com:0/ https://example.com:22/ https://example.com:25/
https://example.com:80/ https://example.com:70000/ https://example.com:443443/ https://example.com:-1/
https://example.com:/ https://example.com:4x3/ https://*.example.com/ https://exam;ple.com/ https://example。com/
""".split()  # noqa: SIM905 - so many words read better without their quotes
REFUSED_URLS += [
    "",
    " https://example.com/",
    "https://example.com/ ",
    "https://example.com/a b",
    "https://example.com/\r\nHost: evil",
    "https://example.com/\n",
    "https://example.com\n/",
    "https://exa\tmple.com/",
    "https://example.com/\x00",
    "https://example.com/<script>",
    "https://example.com/" + "a" * 2000,
    f"https://{'a' * 64}.example.com/",
    "https://" + "a." * 130 + "com/",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_known_as_such(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", PUBLIC, "100.63.255.255", "172.32.0.1", "2606:4700::1111"])
def test_a_public_address_is_known_as_such(address):
    assert addresses.is_public(address)


@pytest.mark.parametrize("text", ["", "example.com", "127.1", "0x7f000001", "2130706433", "1.1.1.1.", "1.1.1.1 "])
def test_what_is_no_address_is_not_public(text):
    assert not addresses.is_public(text)


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_a_url_that_could_lead_elsewhere_is_refused_without_being_resolved(url):
    asked = []
    client = outbound.Client(resolver=lambda host, *_: asked.append(host) or [PUBLIC])
    with pytest.raises(outbound.Refused):
        client.check(url)
    with pytest.raises(outbound.Refused):
        client.post(url, body=b"{}", headers={})
    assert asked == []


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://hooks.example.com", "hooks.example.com", 443, "/"),
        ("HTTPS://Hooks.Example.COM/In?a=1&b=%20", "hooks.example.com", 443, "/In?a=1&b=%20"),
        ("https://xn--exmple-qta.com:8443/a", "xn--exmple-qta.com", 8443, "/a"),
        ("https://1.example.com:1024/", "1.example.com", 1024, "/"),
    ],
)
def test_a_plain_public_url_is_taken_apart_once(url, host, port, target):
    assert addresses.destination(url) == addresses.Destination(host, port, target)


@pytest.fixture
def trap():
    """A listener on the loopback interface; nobody may ever connect to it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening.getsockname()[1]
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize("answer", [[address] for address in NOT_PUBLIC] + [[PUBLIC, "127.0.0.1"], ["::1", PUBLIC]])
def test_a_name_that_leads_to_an_address_that_is_not_public_is_not_connected_to(answer, trap):
    client = outbound.Client(resolver=lambda *_: answer)
    with pytest.raises(outbound.Refused, match="address_not_public"):
        client.check(f"https://rebind.example.com:{trap}/")
    with pytest.raises(outbound.Refused, match="address_not_public"):
        client.post(f"https://rebind.example.com:{trap}/", body=b"{}", headers={})


def test_a_name_that_is_rebound_between_saving_and_sending_is_not_connected_to(trap):
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    client = outbound.Client(resolver=lambda *_: next(answers))
    client.check(f"https://rebind.example.com:{trap}/")
    with pytest.raises(outbound.Refused, match="address_not_public"):
        client.post(f"https://rebind.example.com:{trap}/", body=b"{}", headers={})


def test_the_address_that_was_judged_is_the_one_that_is_dialed(monkeypatch):
    """A name is resolved once per request: the second answer is never asked for, so it cannot differ."""
    asked, dialed = [], []

    def connect(address, *_options, **_more):
        dialed.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    client = outbound.Client(resolver=lambda host, *_: asked.append(host) or [PUBLIC])
    with pytest.raises(outbound.Unreachable, match="connect"):
        client.post("https://rebind.example.com/", body=b"{}", headers={})
    assert asked == ["rebind.example.com"]
    assert dialed == [(PUBLIC, 443)]


def test_a_receiver_on_this_machine_is_reached_only_where_the_settings_name_it(listen, settings):
    at = listen()
    assert outbound.client().post(at.url(), body=b"{}", headers={}).status == 200
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with pytest.raises(outbound.Refused):
        outbound.client().post(at.url(), body=b"{}", headers={})
    assert at.connections == 1


def local(at, authority_file, **options):
    return outbound.Client(allowed=[f"localhost:{at.port}"], authorities=authority_file, **options)


def post(at, authority_file, **options):
    return local(at, authority_file, **options).post(at.url(), body=b'{"a":1}', headers={"X-Test": "1"})


def test_the_body_arrives_under_the_name_of_the_host(listen, authority_file):
    at = listen()
    assert post(at, authority_file).status == 200
    (request,) = at.received
    assert (request.path, request.body) == ("/hook", b'{"a":1}')
    assert request.headers["host"] == f"localhost:{at.port}"
    assert request.headers["x-test"] == "1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(listen, authority_file, status):
    inside = listen()
    at = listen(receivers.always(status, Location=inside.url("/secret")))
    assert post(at, authority_file).status == status
    assert inside.connections == 0


def test_a_certificate_for_another_name_is_refused(listen, authority_file):
    at = listen(names=("hooks.example.com",))
    with pytest.raises(outbound.Unreachable, match="tls"):
        post(at, authority_file)
    assert at.received == []


def test_a_certificate_of_an_unknown_authority_is_refused(listen):
    at = listen()
    with pytest.raises(outbound.Unreachable, match="tls"):
        post(at, "")
    assert at.received == []


def test_a_receiver_without_tls_is_refused(authority_file):
    with receivers.receiver(None) as at:
        with pytest.raises(outbound.Unreachable, match="tls"):
            post(at, authority_file)
        assert at.received == []


def test_nobody_listening_is_told_as_such(authority_file):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = outbound.Client(allowed=[f"localhost:{port}"], authorities=authority_file)
    with pytest.raises(outbound.Unreachable, match="connect"):
        client.post(f"https://localhost:{port}/", body=b"", headers={})


def seconds(work):
    started = time.monotonic()
    work()
    return time.monotonic() - started


def test_a_receiver_that_never_answers_costs_no_more_than_the_deadline(listen, authority_file):
    at = listen(lambda handler, _request: handler.hang())

    def ask():
        with pytest.raises(outbound.Unreachable, match="timeout"):
            post(at, authority_file, total_seconds=0.5)

    assert seconds(ask) < 3


def test_headers_that_drip_cost_no_more_than_the_deadline(listen, authority_file):
    def drip(handler, _request):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not handler.server.receiver.released.wait(0.05):
            handler.wfile.write(b"X-Slow: 1\r\n")

    at = listen(drip)

    def ask():
        with pytest.raises(outbound.Unreachable, match="timeout"):
            post(at, authority_file, total_seconds=0.5)

    assert seconds(ask) < 3


def test_a_handshake_that_never_ends_costs_no_more_than_the_deadline(authority_file):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        client = outbound.Client(allowed=[f"localhost:{port}"], authorities=authority_file, total_seconds=0.5)

        def ask():
            with pytest.raises(outbound.Unreachable, match="timeout"):
                client.post(f"https://localhost:{port}/", body=b"", headers={})

        assert seconds(ask) < 3


def test_of_an_answer_without_end_only_the_status_counts(listen, authority_file):
    def flood(handler, _request):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    at = listen(flood)
    assert seconds(lambda: post(at, authority_file)) < 3


def test_an_answer_whose_body_stays_away_counts_by_its_status(listen, authority_file):
    def stall(handler, _request):
        handler.answer(202, b"begin", Content_Length="1000")
        handler.hang()

    at = listen(stall)
    assert seconds(lambda: post(at, authority_file)) < outbound.DRAIN_SECONDS + 2


def test_what_is_no_http_is_told_as_such(listen, authority_file):
    at = listen(lambda handler, _request: handler.wfile.write(b"220 smtp ready\r\n\r\n"))
    with pytest.raises(outbound.Unreachable, match="protocol"):
        post(at, authority_file)


def test_headers_without_end_are_not_read_for_ever(listen, authority_file):
    def flood(handler, _request):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            handler.wfile.write(b"X-Long: " + b"x" * 8192 + b"\r\n")

    at = listen(flood)
    with pytest.raises(outbound.Unreachable, match="protocol"):
        post(at, authority_file)


def test_a_pause_that_the_receiver_asks_for_is_read(listen, authority_file):
    assert post(listen(receivers.always(503, Retry_After="120")), authority_file).retry_after == 120
    assert post(listen(receivers.always(503, Retry_After="soon")), authority_file).retry_after is None


def test_a_name_that_does_not_exist_is_told_as_such():
    with pytest.raises(outbound.Unreachable, match="dns"):
        outbound.resolve("no-such-name.invalid", 443, 10)


def test_a_resolver_that_never_answers_costs_no_more_than_its_share(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: released.wait(30) and [])
    with pytest.raises(outbound.Unreachable, match="dns_timeout"):
        outbound.resolve("slow.example.com", 443, 0.1)
    released.set()
