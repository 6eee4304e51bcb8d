"""The script ``market`` as a person uses it: clear sentences, one user at a time, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from marketplace.local import places

ROOT = Path(__file__).parents[2]


class Market:
    """Runs ``market`` with a state folder of its own, so that whoever works in the checkout is not disturbed."""

    def __init__(self, state: Path) -> None:
        self.state = state
        ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "DEBUG", "REDIS_PREFIX"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment = {**kept, "MARKET_STATE": str(state)}

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(ROOT / "market"), *words],
            capture_output=True,
            text=True,
            env=self.environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(ROOT / "market"), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    runner = Market(tmp_path / "state with blanks")
    yield runner
    if places.lock_is_held(runner.state / "env"):
        runner("env", "--stop")
    shutil.rmtree(places.reachable_twin(runner.state), ignore_errors=True)


def test_without_a_verb_it_lists_the_verbs(market: Market) -> None:
    answer = market()
    assert answer.returncode == 0
    assert {"demo", "serve", "test", "check", "env"} <= set(answer.stdout.split())


def test_an_unknown_verb_is_named(market: Market) -> None:
    answer = market("dance")
    assert answer.returncode == 2
    assert "no verb 'dance'" in answer.stderr


@pytest.mark.slow
def test_the_development_servers_are_reused_and_stop_when_told(
    market: Market, descendants: Callable[[int], set[int]], ends: Callable[[int, float], bool]
) -> None:
    first = market("env")
    assert first.returncode == 0, first.stderr
    assert market("env").stdout == first.stdout
    variables = dict(line.removeprefix("export ").split("=", 1) for line in first.stdout.splitlines())
    with psycopg.connect(variables["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("app",)
    keeper = json.loads((market.state / "env" / "keeper.json").read_text())
    below = descendants(keeper)
    assert len(below) > 2
    assert market("env", "--stop").stdout == "The development servers are stopped.\n"
    assert [pid for pid in below if not ends(pid, 0)] == []
    assert ends(keeper, 5)


def test_the_servers_follow_a_killed_keeper_and_the_data_come_back(
    market: Market, descendants: Callable[[int], set[int]], ends: Callable[[int, float], bool]
) -> None:
    def database_url() -> str:
        return market("env").stdout.splitlines()[0].removeprefix("export DATABASE_URL=")

    with psycopg.connect(database_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    keeper = json.loads((market.state / "env" / "keeper.json").read_text())
    below = descendants(keeper)
    os.kill(keeper, signal.SIGKILL)
    assert [pid for pid in below if not ends(pid, 10)] == []
    with psycopg.connect(database_url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


@pytest.mark.slow
def test_ctrl_c_stops_what_serve_started_and_a_second_serve_is_refused_meanwhile(
    market: Market, descendants: Callable[[int], set[int]], ends: Callable[[int, float], bool]
) -> None:
    serve = market.start("serve")
    assert serve.stdout is not None
    said = []
    for line in serve.stdout:
        said.append(line)
        if "Ctrl-C stops everything" in line:
            break
    assert "Ctrl-C stops everything" in said[-1], "".join(said)

    second = market("serve")
    assert second.returncode == 1
    assert f"is in use by `./market serve` (pid {serve.pid})" in second.stderr

    # What only looks at the data works beside it.
    beside = market("manage", "migrate", "--check")
    assert beside.returncode == 0, beside.stderr

    below = descendants(serve.pid)
    # postmaster, Valkey, granian and its worker, Celery and its two, beat
    assert len(below) >= 8
    os.killpg(serve.pid, signal.SIGINT)
    serve.stdout.read()
    serve.stdout.close()
    assert serve.wait(60) == 0
    assert [pid for pid in below if not ends(pid, 0)] == []
