"""The embedded Valkey: closed without the password, and it keeps exactly what it was asked to keep."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from marketplace.local.faults import LocalFault
from marketplace.local.valkey import ValkeyServer, logical_database, private_server


def test_nobody_comes_in_without_the_password() -> None:
    once = Retry(NoBackoff(), 0)
    with (
        private_server() as server,
        redis.Redis(host="127.0.0.1", port=server.port, retry=once) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


@pytest.mark.parametrize(("persistent", "kept"), [(True, b"1"), (False, None)])
def test_only_a_persistent_server_remembers_after_a_stop(tmp_path: Path, persistent: bool, kept: bytes | None) -> None:
    server = ValkeyServer(tmp_path, log=tmp_path / "log", persistent=persistent)
    with server, redis.Redis.from_url(server.url) as client:
        client.set("bell", 1)
    with server, redis.Redis.from_url(server.url) as client:
        assert client.get("bell") == kept


def test_a_port_in_use_is_answered_by_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = ValkeyServer(tmp_path, log=tmp_path / "log", persistent=False, port=taken.getsockname()[1])
        with pytest.raises(LocalFault, match="is taken by another program"):
            server.start()
        assert server.has_ended()


def test_logical_databases_keep_their_keys_apart() -> None:
    with private_server() as server:
        with redis.Redis.from_url(logical_database(server.url, 1)) as one:
            one.set("bell", 1)
        with redis.Redis.from_url(logical_database(server.url, 2)) as two:
            assert two.get("bell") is None


def test_a_folder_with_blanks_and_quotes_in_its_name_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / 'my "own" folder'
    folder.mkdir()
    with ValkeyServer(folder, log=folder / "log", persistent=True) as server:
        assert not server.has_ended()
    assert (folder / "appendonlydir").is_dir()
