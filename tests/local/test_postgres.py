"""The embedded PostgreSQL: it starts over whatever its last life left and gives the application only what it needs."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from marketplace.local import places, processes
from marketplace.local.faults import LocalFault
from marketplace.local.postgres import PostgresServer, private_server


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with private_server() as running:
        yield running


def test_the_application_role_may_create_databases_and_nothing_that_escapes_row_level_security(
    server: PostgresServer,
) -> None:
    with psycopg.connect(server.url) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
    assert rights == (False, False, False, False, True)


def test_the_application_role_owns_its_database(server: PostgresServer) -> None:
    with psycopg.connect(server.url) as connection:
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert owner == ("app",)


def test_the_superuser_cannot_come_in_over_tcp(server: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        psycopg.connect(host="127.0.0.1", port=server.port, user="postgres", dbname="postgres", password="x")


def test_a_wrong_password_is_refused(server: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=server.port, user="app", dbname="celula", password="x")


def test_accented_capitals_are_lowered_in_text_and_in_spanish_search(server: PostgresServer) -> None:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT lower('ÁRBOL Ñ'), 'ÁRBOL' ILIKE 'árbol',"
            " to_tsvector('spanish', 'ANALÍTICA') @@ to_tsquery('spanish', 'analítica')"
        ).fetchone()
    assert row == ("árbol ñ", True, True)


def test_stopping_leaves_neither_process_nor_pid_file(home: Path, ends: Callable[[int, float], bool]) -> None:
    with PostgresServer(home / "data", log=home / "log", durable=False) as server:
        pid = server.pid
    assert ends(pid, 0)
    assert not (home / "data" / "postmaster.pid").exists()


def test_what_was_committed_survives_a_kill(home: Path) -> None:
    server = PostgresServer(home / "data", log=home / "log", durable=True)
    with server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        url = server.url
        server.kill()
        server.start()
        assert server.url == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_pid_file_whose_number_now_belongs_to_a_stranger_does_not_block_the_start(home: Path) -> None:
    with PostgresServer(home / "data", log=home / "log", durable=False):
        left_over = (home / "data" / "postmaster.pid").read_text().splitlines()
    # A process of the same account, since PostgreSQL believes those.
    stranger = subprocess.Popen(["sleep", "60"], **processes.identity(places.unprivileged_account()))
    try:
        (home / "data" / "postmaster.pid").write_text("\n".join([str(stranger.pid), *left_over[1:]]) + "\n")
        with PostgresServer(home / "data", log=home / "log", durable=False) as again:
            assert not again.has_ended()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_outlived_its_supervisor_is_stopped_and_succeeded(
    home: Path, ends: Callable[[int, float], bool]
) -> None:
    with (
        PostgresServer(home / "data", log=home / "log", durable=False) as orphan,
        PostgresServer(home / "data", log=home / "log.2", durable=False) as successor,
    ):
        assert ends(orphan.pid, 5)
        with psycopg.connect(successor.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_interrupted_initialization_is_begun_anew(home: Path) -> None:
    half = home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with PostgresServer(home / "data", log=home / "log", durable=False) as server:
        assert not server.has_ended()
    assert not half.exists()


def test_a_port_in_use_is_answered_by_one_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = PostgresServer(home / "data", log=home / "log", durable=False, port=port)
        with pytest.raises(LocalFault, match=f"^Port {port} of 127.0.0.1 is taken by another program"):
            server.start()
        assert server.has_ended()


def test_data_of_another_major_version_are_refused_and_left_as_they_are(home: Path) -> None:
    data = home / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(LocalFault, match="is of PostgreSQL 12"):
        PostgresServer(data, log=home / "log").start()
    assert [entry.name for entry in data.iterdir()] == ["PG_VERSION"]


def test_a_folder_with_foreign_files_is_not_taken_for_data(home: Path) -> None:
    data = home / "data"
    data.mkdir()
    (data / "thesis.txt").write_text("mine")
    with pytest.raises(LocalFault, match="neither empty nor PostgreSQL data"):
        PostgresServer(data, log=home / "log").start()
    assert (data / "thesis.txt").read_text() == "mine"


def test_a_path_too_long_for_a_socket_is_no_obstacle(home: Path) -> None:
    deep = home / ("x" * 100)
    deep.mkdir()
    deep.chmod(0o755)
    with (
        PostgresServer(deep / "data", log=home / "log", durable=False) as server,
        psycopg.connect(server.url) as client,
    ):
        assert client.execute("SELECT 1").fetchone() == (1,)
