"""The verbs of ``./market``, inside the virtual environment."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from marketplace.local import checklist, dev_env, places, processes, supervisor, translations
from marketplace.local.faults import LocalFault, Terminated
from marketplace.local.supervisor import Services, Supervisor, handled_signals, manage, run

ALL = "--all"  # `./market test --all` runs the slow ones too
SERVE_PORT = 8000
PASS_THROUGH = {"test", "manage", "bench", "certify"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 done, 1 a fault said in one sentence, 128 + signal when interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # argparse would take the options that are meant for pytest or Django.
    rest = words[1:] if words and words[0] in PASS_THROUGH else []
    options = _parser().parse_args(words[:1] if rest else words)
    try:
        with handled_signals():
            verb: Callable[[argparse.Namespace, list[str]], int] = options.run
            return verb(options, rest)
    except LocalFault as fault:
        if fault.log_tail:
            print(fault.log_tail, file=sys.stderr)
        print(f"market: {fault.sentence}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except Terminated as termination:
        return 128 + termination.signum


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./market", description="Célula on this machine.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    demo = verbs.add_parser("demo", help="start everything on an empty database, run the demo, stop")
    demo.add_argument("--keep", action="store_true", help="keep the services up after the demo, until Ctrl-C")
    demo.add_argument(
        "--people", type=int, default=2000, metavar="N", help="professionals to seed (default: %(default)s)"
    )
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="seed of the random data (default: %(default)s)")
    demo.set_defaults(run=_demo)

    serve = verbs.add_parser("serve", help="PostgreSQL, Valkey, web, worker and beat until Ctrl-C; data is kept")
    serve.add_argument("--port", type=int, help=f"port of the API (default: {SERVE_PORT}, or a free one)")
    serve.set_defaults(run=_serve)

    test = verbs.add_parser("test", help="run the tests on private servers; further words go to pytest", add_help=False)
    test.set_defaults(run=_test)
    check = verbs.add_parser("check", help="format, lint, types, floors, migrations, translations, OpenAPI")
    check.set_defaults(run=_check)

    bench = verbs.add_parser("bench", help="measure every target beside its yardstick", add_help=False)
    bench.set_defaults(run=_bench)
    certify = verbs.add_parser("certify", help="check a stored cell of `serve` again", add_help=False)
    certify.set_defaults(run=_certify)

    seed = verbs.add_parser("seed", help="fill the database of `serve` with seeded people")
    seed.add_argument("--people", type=int, required=True, metavar="N")
    seed.add_argument("--seed", type=int, required=True, metavar="S")
    seed.add_argument("--logins", action="store_true", help="let every person log in, as prof_…@people.example")
    seed.set_defaults(run=_seed)

    verbs.add_parser("openapi", help="write openapi.yaml from the code").set_defaults(run=_openapi)
    verbs.add_parser("migrate", help="migrate the database of `serve`").set_defaults(run=_migrate)
    verbs.add_parser("messages", help="collect new texts and compile the translations").set_defaults(run=_messages)
    manage_ = verbs.add_parser("manage", help="any manage.py command, on the database of `serve`", add_help=False)
    manage_.set_defaults(run=_manage)

    env = verbs.add_parser("env", help='development servers in the background: eval "$(./market env)"')
    env.add_argument("--stop", action="store_true", help="stop them")
    env.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    env.set_defaults(run=_env)
    clean = verbs.add_parser("clean", help="remove the local data, keys and caches; the virtual environment stays")
    clean.set_defaults(run=_clean)
    return parser


def _demo(options: argparse.Namespace, rest: list[str]) -> int:
    # Two demos must tell the same story, so each begins with an empty database; other people's servers stay untouched.
    if not os.environ.get("DATABASE_URL"):
        _remove_instance("demo")
    with Services("demo") as services:
        _say("PostgreSQL and Valkey are up")
        _require(run(manage("migrate", "--verbosity", "0"), services.environment), "The migrations")
        _say("the database is migrated")
        seeding = manage("seed", "--if-empty", "--logins", "--people", str(options.people), "--seed", str(options.seed))
        _require(run(seeding, services.environment), "The seed")
        with Supervisor(services) as roles:
            url = _start_roles(services, roles, processes.free_port())
            environment = {**services.environment, "CELULA_BASE_URL": url}
            code = run(manage("demo"), environment)
            if options.keep and code == 0:
                _print_addresses(url, services)
                print("The services stay up with the demo's accounts above; Ctrl-C stops them.", flush=True)
                _until_interrupted(roles)
            return code


def _serve(options: argparse.Namespace, rest: list[str]) -> int:
    with Services("serve") as services:
        _say("PostgreSQL and Valkey are up")
        _require(run(manage("migrate", "--verbosity", "0"), services.environment), "The migrations")
        _say("the database is migrated")
        with Supervisor(services) as roles:
            url = _start_roles(services, roles, _serve_port(options.port))
            _print_addresses(url, services)
            print("Ctrl-C stops everything.", flush=True)
            _until_interrupted(roles)
    return 0


def _test(options: argparse.Namespace, rest: list[str]) -> int:
    with Services(None, verb="test") as services:
        everything = ALL in rest or any(word.startswith("-m") for word in rest)
        words = [_absolute(word) for word in rest if word != ALL]
        arguments = ["-p", "marketplace.local.pytest_redis", *([] if everything else ["-m", "not slow"]), *words]
        if not any(word.startswith(("-n", "--numprocesses")) for word in rest):
            arguments = ["-n", str(len(os.sched_getaffinity(0))), *arguments]
        return run([sys.executable, "-m", "pytest", *arguments], {"DEBUG": "0", **services.environment})


def _check(options: argparse.Namespace, rest: list[str]) -> int:
    with Services(None, verb="check") as services:
        return checklist.run_all(services.environment)


def _bench(options: argparse.Namespace, rest: list[str]) -> int:
    return run([sys.executable, "-m", "bench", *rest], os.environ, Path.cwd())


def _certify(options: argparse.Namespace, rest: list[str]) -> int:
    return _manage(options, ["certify", *rest])


def _seed(options: argparse.Namespace, rest: list[str]) -> int:
    with _serve_data("seed") as environment:
        _require(run(manage("migrate", "--verbosity", "0"), environment), "The migrations")
        words = ["seed", "--people", str(options.people), "--seed", str(options.seed)]
        return run(manage(*words, *(["--logins"] if options.logins else [])), environment)


def _openapi(options: argparse.Namespace, rest: list[str]) -> int:
    with Services(None, verb="openapi") as services:
        code = run(checklist.spectacular(places.ROOT / "openapi.yaml"), services.environment)
    if code == 0:
        print("openapi.yaml is written.")
    return code


def _migrate(options: argparse.Namespace, rest: list[str]) -> int:
    return _manage(options, ["migrate"])


def _manage(options: argparse.Namespace, rest: list[str]) -> int:
    with _serve_data("manage") as environment:
        return run(manage(*rest), environment, Path.cwd())


def _messages(options: argparse.Namespace, rest: list[str]) -> int:
    for line in translations.update_and_compile(places.ROOT):
        print(line)
    return 0


def _env(options: argparse.Namespace, rest: list[str]) -> int:
    if options.keep:
        dev_env.keep()
    else:
        print(dev_env.stop() if options.stop else dev_env.exports())
    return 0


def _clean(options: argparse.Namespace, rest: list[str]) -> int:
    dev_env.stop()
    for name in ("serve", "demo", dev_env.NAME):
        _remove_instance(name)
    caches = [places.ROOT / name for name in (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache")]
    twin = [places.reachable_twin()] if places.unprivileged_account() else []
    for folder in (places.STATE, *twin, *caches):
        shutil.rmtree(folder, ignore_errors=True)
    print("Local data, keys and caches are removed; .venv stays (remove the folder to have it made anew).")
    return 0


@contextmanager
def _serve_data(verb: str) -> Iterator[dict[str, str]]:
    """Give the environment for the data of ``serve``: that of a running ``serve``, or of servers started for now."""
    running = supervisor.shared_variables("serve")
    if running is not None:
        yield {**os.environ, **running}
        return
    with Services("serve", verb=verb) as services:
        yield services.environment


def _remove_instance(name: str) -> None:
    """Remove the state and data of an instance that nobody uses. Raises LocalFault when somebody does."""
    state, data = places.state_folder(name), places.postgres_folder(name)
    with places.InstanceLock(state, "clean"):
        shutil.rmtree(data / "postgres", ignore_errors=True)
        for entry in state.iterdir():
            if entry.name == "lock":
                continue
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _start_roles(services: Services, roles: Supervisor, port: int) -> str:
    roles.start(supervisor.web(services, port))
    _say("the web process answers")
    roles.start(supervisor.worker(services))
    _say("the worker is ready")
    roles.start(supervisor.beat(services))
    _say("beat is running")
    return f"http://127.0.0.1:{port}"


def _serve_port(demanded: int | None) -> int:
    if demanded is None:
        return SERVE_PORT if processes.port_is_free(SERVE_PORT) else processes.free_port()
    if not processes.port_is_free(demanded):
        raise LocalFault(f"Port {demanded} of 127.0.0.1 is taken by another program: choose another --port.")
    return demanded


def _until_interrupted(roles: Supervisor) -> None:
    try:
        roles.wait()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)


def _require(code: int, what: str) -> None:
    if code != 0:
        raise LocalFault(f"{what} failed with exit code {code}.")


def _absolute(word: str) -> str:
    """Make a path below the caller's folder absolute (pytest runs in the checkout's), keeping ``::test`` ids."""
    path, separator, test = word.partition("::")
    if path and not path.startswith("-") and Path(path).exists():
        return f"{Path(path).resolve()}{separator}{test}"
    return word


def _print_addresses(url: str, services: Services) -> None:
    print(f"\nAPI       {url}/api/v1/\nDocs      {url}/api/docs/\nLogs      {services.logs}")
    print(f"Password  {services.environment['CELULA_DEMO_PASSWORD']} (of every demo account)", flush=True)


def _say(what: str) -> None:
    print(f"  · {what}", flush=True)
