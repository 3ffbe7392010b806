"""Files become inputs without being loaded whole, in batches that fit into memory."""

import hashlib
import tracemalloc
from pathlib import Path

import pytest

from coordinator.cli import send
from coordinator.cli.replay import Pacer
from coordinator.client import HEAD, LIMIT
from coordinator.errors import UsageError


def test_a_file_is_known_by_its_name_and_not_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "sitrep.txt").write_bytes(b"NTR")
    item = send.read_item(tmp_path / "sitrep.txt", "text")
    assert (item.data, item.name, item.format, item.size) == (b"NTR", "sitrep.txt", "text", 0)


def test_a_large_file_is_hashed_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(b"head")
        file.truncate(40_000_000)
    tracemalloc.start()
    item = send.read_item(path, "")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert (len(item.data), item.size) == (HEAD, 40_000_000)
    assert item.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_just_within_the_limit_goes_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * LIMIT)
    assert len(send.read_item(tmp_path / "a", "").data) == LIMIT


def test_batches_are_bounded_in_number_and_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [tmp_path / str(n) for n in range(7)]
    for path in files:
        path.write_bytes(b"x" * 10)
    monkeypatch.setattr(send, "AT_ONCE", 3)
    assert [len(batch) for batch in send.batches(files, "")] == [3, 3, 1]
    monkeypatch.setattr(send, "AT_ONCE_BYTES", 20)
    assert [len(batch) for batch in send.batches(files, "")] == [2, 2, 2, 1]


def test_nothing_is_sent_if_one_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        send.readable([tmp_path / "missing"])


def test_a_replay_keeps_the_distances_in_time() -> None:
    pacer = Pacer(60.0)
    assert [pacer.pause_s(at * 60_000_000) for at in (10, 11, 11, 9, 13)] == [0.0, 1.0, 0.0, 0.0, 2.0]
    fast = Pacer(None)
    assert [fast.pause_s(at) for at in (10, 10**12)] == [0.0, 0.0]
