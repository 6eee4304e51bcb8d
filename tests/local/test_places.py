"""Folders of ours: one user at a time, secrets closed, traps passed over, permissions of others untouched."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from marketplace.local import generated_keys, places
from marketplace.local.faults import LocalFault


def test_a_second_user_of_a_folder_is_told_who_the_first_is(tmp_path: Path) -> None:
    with places.InstanceLock(tmp_path, "serve"):
        assert places.lock_is_held(tmp_path)
        with pytest.raises(LocalFault, match=rf"`\./market serve` \(pid {os.getpid()}\)"):
            places.InstanceLock(tmp_path, "demo").__enter__()
    assert not places.lock_is_held(tmp_path)
    with places.InstanceLock(tmp_path, "demo"):
        pass


def test_a_lock_file_without_a_holder_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("`./market serve` (pid 1)\n")
    with places.InstanceLock(tmp_path, "serve"):
        assert places.lock_is_held(tmp_path)


def test_keys_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made, are_new = generated_keys.load_or_generate(path)
    assert are_new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert generated_keys.load_or_generate(path) == (made, False)


def test_damaged_keys_are_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{}")
    with pytest.raises(LocalFault, match="damaged"):
        generated_keys.load_or_generate(path)
    assert path.read_text() == "{}"


def test_a_link_in_the_place_of_our_folder_is_passed_over(tmp_path: Path) -> None:
    name = f"celula-test-{os.getpid()}"
    trap = Path("/var/tmp") / name
    trap.symlink_to(tmp_path, target_is_directory=True)
    try:
        before = tmp_path.stat().st_mode
        chosen = places.own_reachable_folder(name)
        assert chosen != trap
        assert not chosen.is_symlink()
        assert tmp_path.stat().st_mode == before
        chosen.rmdir()
    finally:
        trap.unlink()


def test_a_folder_below_a_closed_one_is_not_reachable_by_all() -> None:
    with tempfile.TemporaryDirectory() as closed:
        below = Path(closed) / "open"
        below.mkdir()
        below.chmod(0o755)
        assert not places.reachable_by_all(below)
    assert places.reachable_by_all(Path("/"))


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    places.require_free_space(tmp_path, minimum=1)
    with pytest.raises(LocalFault, match="make room"):
        places.require_free_space(tmp_path, minimum=2**62)
