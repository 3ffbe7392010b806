"""The bearer of drop folders: nothing is lost, one folder harms no other, and a stick may be pulled out at any time."""

import errno
import os
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from structlog.testing import capture_logs

from coordinator.edges import carrying, dropfolder, endpoints, files, folders
from coordinator.edges.clock import ManualClock
from coordinator.edges.dropfolder import DropFolder, Found
from coordinator.edges.tasks import beside
from coordinator.errors import BusError, ConfigError, Forbidden
from tests.support.gates import LATER, REFUSED, FakeGate, answered, departure

LOOK = int(files.LOOK_S * 1_000_000)


class Looks(ManualClock):
    """A clock that knows how many folders wait for their next look."""

    def __init__(self) -> None:
        super().__init__(1_000_000_000)
        self._waiting = 0
        self._changed = anyio.Event()

    async def sleep_until(self, when: int) -> None:
        pause = when - self.now() == LOOK
        self._count(pause)
        try:
            await super().sleep_until(when)
        finally:
            self._count(-pause)

    def _count(self, more: int) -> None:
        self._waiting += more
        self._changed.set()
        self._changed = anyio.Event()

    async def looked(self, folders: int = 1) -> None:
        """Wait until so many folders have been looked at."""
        with anyio.fail_after(10):
            while self._waiting < folders:
                await self._changed.wait()

    async def look(self, times: int = 1, folders: int = 1) -> None:
        """Let every folder be looked at again."""
        for _ in range(times):
            await self.looked(folders)
            await self.advance(self.now() + LOOK)
        await self.looked(folders)


@asynccontextmanager
async def served(
    store: Path, clock: Looks, *gates: FakeGate, folder: str = "drop", hanging: int = 0
) -> AsyncIterator[tuple[str, ...]]:
    """Serve these; all folders but those whose disk hangs have been looked at once."""
    async with beside() as tasks:
        places = await tasks.start(partial(files.serve, gates, endpoints.Files(folder=folder), store, clock))
        await clock.looked(len(gates) - hanging)
        yield places


def listed(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def data(gate: FakeGate) -> list[bytes]:
    return [t.data for t in gate.taken]


# -- in ---------------------------------------------------------------------------------------------------------------


async def test_what_is_put_in_is_taken_and_answered_beside_it(tmp_path: Path) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"
    gate.answers = [REFUSED, LATER, answered(True, "reçu", n=1)]
    async with served(tmp_path, clock, gate) as places:
        assert places == (str(root),)
        for age, name in enumerate(("bad.txt", "late.txt", "good.txt")):
            (root / "in" / name).write_text(name)
            os.utime(root / "in" / name, (age, age))
        await clock.look(2)
        assert [(t.name, t.data) for t in gate.taken] == [
            ("bad.txt", b"bad.txt"), ("late.txt", b"late.txt"), ("good.txt", b"good.txt"),
        ]  # fmt: skip
        assert (root / "refused/bad.txt.answer.txt").read_text() == f"{REFUSED.text}\n"
        assert (root / "done/good.txt.answer.txt").read_text(encoding="utf-8") == "reçu\n"
        assert (root / "done/good.txt.answer.json").read_text() == '{"accepted":true,"n":1}'
        assert {"late.txt", "good.txt"} < listed(root / "done")
        assert listed(root / "in") == set()


async def test_what_the_bus_does_not_keep_stays_and_is_offered_behind_the_others(tmp_path: Path) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"
    gate.answers = [BusError("stream full")]
    async with served(tmp_path, clock, gate):
        for age, name in enumerate(("a", "b")):
            (root / "in" / name).write_text(name)
            os.utime(root / "in" / name, (age, age))
        with capture_logs() as logs:
            await clock.look(2)
            assert listed(root / "in") == {"a", "b"}
            await clock.look()
        assert data(gate) == [b"a", b"b", b"a"]
        assert [(e["file"], e["why"]) for e in logs] == [("a", "stream full")]
        assert listed(root / "in") == set()


async def test_a_file_that_fails_for_ever_is_told_of_once_and_holds_up_nobody(tmp_path: Path) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"
    gate.answers = [Forbidden("publish", "there")] * 4
    async with served(tmp_path, clock, gate):
        (root / "in/a").write_text("poison")
        with capture_logs() as logs:
            await clock.look(5)
        assert [e["event"] for e in logs] == ["file stays: the bus did not keep it"]
        assert data(gate) == [b"poison"] * 4


async def test_a_mistake_of_ours_about_one_file_ends_nothing(tmp_path: Path) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"
    gate.answers = [ZeroDivisionError("ours")]
    async with served(tmp_path, clock, gate):
        (root / "in/a").write_text("a")
        with capture_logs() as logs:
            await clock.look(3)
        assert [e["event"] for e in logs] == ["file failed"]
        assert listed(root / "in") == set()


async def test_thousands_of_files_are_taken_oldest_first_without_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dropfolder, "BATCH", 16)
    monkeypatch.setattr(files, "BATCH", 16)
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"
    async with served(tmp_path, clock, gate):
        for number in range(70):
            file = root / f"in/{number * 31 % 70:02}"
            file.write_text(file.name)
            os.utime(file, (int(file.name), int(file.name)))
        await clock.look(2)
        assert data(gate) == [b"%02d" % n for n in range(70)]


async def test_what_was_taken_and_could_not_be_put_away_is_not_offered_again_until_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"

    def read_only(*_: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as stick:
        stick.setattr(DropFolder, "settle", read_only)
        async with served(tmp_path, clock, gate):
            (root / "in/a").write_text("a")
            await clock.look(4)
            assert data(gate) == [b"a"]
    again = FakeGate()
    async with served(tmp_path, clock, again):
        await clock.look(2)
    assert again.taken == gate.taken
    assert listed(root / "done") == {"a", "a.answer.txt", "a.answer.json"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("REFUSED",)), ("fr", ("REFUSÉ",)), ("es", ("RECHAZADO",)), ("ru", ("ОТКЛОНЕНО",)),
     ("", ("REFUSED", "REFUSÉ", "RECHAZADO", "ОТКЛОНЕНО", "مرفوض", "已拒绝"))],
)  # fmt: skip
async def test_what_is_no_file_is_refused_in_the_language_of_the_channel_or_in_all(
    tmp_path: Path, language: str, said: tuple[str, ...]
) -> None:
    gate, clock, root = FakeGate(language=language), Looks(), tmp_path / "drop/xar"
    async with served(tmp_path, clock, gate):
        (root / "in/reports").mkdir()
        await clock.look(3)
    lines = (root / "refused/reports.answer.txt").read_text(encoding="utf-8").splitlines()
    assert tuple(re.split("[ :：]", line)[0] for line in lines) == said
    assert '"accepted":false' in (root / "refused/reports.answer.json").read_text(encoding="utf-8")
    assert gate.taken == []


async def test_a_file_that_may_not_be_read_is_refused_once_and_taken_when_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, clock, root = FakeGate(language="en"), Looks(), tmp_path / "drop/xar"
    reading = folders.reading

    def strict(folder: int, name: str) -> int:
        if not os.stat(name, dir_fd=folder).st_mode & 0o004:
            raise PermissionError(errno.EACCES, "Permission denied")
        return reading(folder, name)

    monkeypatch.setattr(folders, "reading", strict)
    async with served(tmp_path, clock, gate):
        (root / "in/a").write_text("a")
        (root / "in/a").chmod(0o600)
        await clock.look(2)
        assert "chmod a+r" in (root / "refused/a.answer.txt").read_text()
        (root / "refused/a.answer.txt").unlink()
        await clock.look(2)
        assert listed(root / "refused") == {"a.answer.json"}
        (root / "in/a").chmod(0o644)
        await clock.look(2)
        assert data(gate) == [b"a"]


# -- disks that fail --------------------------------------------------------------------------------------------------


async def test_a_stick_that_is_pulled_out_is_told_of_once_and_once_when_it_is_back(tmp_path: Path) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"
    async with served(tmp_path, clock, gate):
        with capture_logs() as logs:
            await clock.look()
            root.rename(tmp_path / "pulled")
            gate.put(departure(1, b"order"))
            await clock.look(4)
            await gate.until(lambda: gate.failed)
            assert not root.exists()
            (tmp_path / "pulled/in/a").write_text("a")
            (tmp_path / "pulled").rename(root)
            await clock.look(4)
            gate.try_again.set()
            await gate.until(lambda: gate.carried)
        assert [e["event"] for e in logs] == ["drop folder is away", "drop folder is back"]
        assert data(gate) == [b"a"]
        assert gate.failed[0][1].retry
        assert (root / "out" / gate.carried[0].name).read_bytes() == b"order"


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOTCONN, errno.EROFS, errno.ENOSPC, errno.ESTALE, errno.EACCES])
async def test_a_disk_that_fails_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"

    def failing(*_: Any, **__: Any) -> Any:
        raise OSError(code, os.strerror(code))

    async with served(tmp_path, clock, gate):
        (root / "in/a").write_text("a")
        with capture_logs() as logs:
            with monkeypatch.context() as disk:
                disk.setattr(os, "scandir", failing)
                await clock.look(3)
            await clock.look(3)
        assert [e["event"] for e in logs] == ["drop folder is away", "drop folder is back"]
        assert logs[0]["why"] == os.strerror(code)
        assert data(gate) == [b"a"]


async def test_a_bad_place_on_the_disk_holds_up_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"
    read = DropFolder.read

    def reading(folder: DropFolder, found: Found) -> bytes | None:
        if found.name == "bad":
            raise OSError(errno.EIO, "Input/output error")
        return read(folder, found)

    monkeypatch.setattr(DropFolder, "read", reading)
    async with served(tmp_path, clock, gate):
        for age, name in enumerate(("bad", "good")):
            (root / "in" / name).write_text(name)
            os.utime(root / "in" / name, (age, age))
        await clock.look(4)
        assert data(gate) == [b"good"]
        assert listed(root / "in") == {"bad"}


async def test_a_drive_that_hangs_stops_nobody_else_and_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    xar, ylu, clock = FakeGate("xar"), FakeGate("ylu"), Looks()
    look, back = DropFolder.look, threading.Event()

    def hanging(folder: DropFolder, now: int) -> list[Found]:
        if folder.root.name == "xar":
            assert back.wait(20)
        return look(folder, now)

    monkeypatch.setattr(DropFolder, "look", hanging)
    with capture_logs() as logs:
        async with served(tmp_path, clock, xar, ylu, hanging=1):
            (tmp_path / "drop/xar/in/a").write_text("a")
            (tmp_path / "drop/ylu/in/b").write_text("b")
            xar.put(departure(1, b"order"))
            await clock.look(20)
            assert data(ylu) == [b"b"]
            assert [d.id for d in xar.carried] == ["m1"]
            assert [(e["event"], e["participant"]) for e in logs] == [("drop folder hangs", "xar")]
            back.set()
            await clock.look(2, folders=2)
            assert data(xar) == [b"a"]


async def test_stopping_does_not_wait_for_a_drive_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back, hung = threading.Event(), threading.Event()

    def hanging(*_: Any) -> list[Found]:
        hung.set()
        back.wait(20)
        return []

    monkeypatch.setattr(DropFolder, "look", hanging)
    with anyio.fail_after(5):
        async with served(tmp_path, Looks(), FakeGate(), hanging=1):
            await anyio.to_thread.run_sync(hung.wait)
    back.set()


# -- out --------------------------------------------------------------------------------------------------------------


async def test_what_cannot_be_put_out_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, clock, root = FakeGate(), Looks(), tmp_path / "drop/xar"

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with served(tmp_path, clock, gate):
        with monkeypatch.context() as disk:
            disk.setattr(os, "fsync", full)
            gate.put(departure(1, b"order"))
            await gate.until(lambda: gate.failed)
        assert str(gate.failed[0][1]) == f"{root}/out: No space left on device"
        assert gate.failed[0][1].retry
        assert listed(root / "out") == set()
        gate.try_again.set()
        await gate.until(lambda: gate.carried)
        assert listed(root / "out") == {gate.carried[0].name}


async def test_a_connection_that_failed_is_dispatched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, clock = FakeGate(), Looks()
    dispatch = gate.dispatch
    times = []

    async def broken_once(carry: Any) -> None:
        times.append(clock.now())
        if len(times) == 1:
            raise BusError("connection failed")
        await dispatch(carry)

    monkeypatch.setattr(gate, "dispatch", broken_once)
    async with served(tmp_path, clock, gate):
        gate.put(departure(1, b"order"))
        await clock.look(5)
        await gate.until(lambda: gate.carried)
    assert times[1] - times[0] == carrying.PAUSE_S * 1_000_000


# -- places -----------------------------------------------------------------------------------------------------------


async def test_each_channel_has_a_folder_of_its_own(tmp_path: Path) -> None:
    gates = FakeGate("xar"), FakeGate("xar", name="cot"), FakeGate("ylu")
    async with served(tmp_path, Looks(), *gates) as places:
        assert [Path(p).name for p in places] == ["xar", "xar.cot", "ylu"]


async def test_the_page_in_the_folder_is_in_the_language_of_the_channel_or_in_all(tmp_path: Path) -> None:
    async with served(tmp_path, Looks(), FakeGate("xar", language="fr"), FakeGate("ylu")):
        french, every = ((tmp_path / f"drop/{p}/README.txt").read_text(encoding="utf-8") for p in ("xar", "ylu"))
    assert french.startswith("DOSSIER DE DÉPÔT DE xar\n")
    assert "DROP FOLDER" not in french
    for heading in ("DROP FOLDER OF ylu", "DOSSIER DE DÉPÔT DE ylu", "CARPETA DE INTERCAMBIO DE ylu"):
        assert heading in every


async def test_every_place_that_cannot_be_used_is_found_at_once(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop/xar").write_text("a file")
    (tmp_path / "drop/ylu").mkdir()
    (tmp_path / "drop/ylu/in").write_text("a file")
    with pytest.raises(ConfigError) as found:
        await files.serve([FakeGate("xar"), FakeGate("ylu")], endpoints.Files(folder="drop"), tmp_path, Looks())
    assert sorted(f.path for f in found.value.findings) == [str(tmp_path / "drop/xar"), str(tmp_path / "drop/ylu")]
    assert all("deploy/README.md" in f.hint for f in found.value.findings)


async def test_a_stick_that_is_not_there_at_the_start_is_waited_for_and_not_made_up(tmp_path: Path) -> None:
    gate, clock, stick = FakeGate(), Looks(), tmp_path / "media/stick"
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop/xar").symlink_to(stick)
    async with served(tmp_path, clock, gate, folder=str(tmp_path / "drop")):
        await clock.look(2)
        assert not stick.exists()
        stick.mkdir(parents=True)
        await clock.look()
        assert listed(stick) == {"in", "out", "done", "refused", "README.txt"}
        (stick / "in/a").write_text("a")
        await clock.look(2)
        assert data(gate) == [b"a"]


async def test_a_mount_that_is_not_there_at_the_start_is_not_made_up(tmp_path: Path) -> None:
    clock = Looks()
    async with served(tmp_path, clock, FakeGate(), folder=str(tmp_path / "media/stick")):
        await clock.look(2)
        assert listed(tmp_path) == set()
