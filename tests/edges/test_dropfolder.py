"""A drop folder on the disk: what is ready in it, what is put into it, and who cannot lead it elsewhere."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.edges import dropfolder, folders
from coordinator.edges.dropfolder import LIMIT, DropFolder, Found, Unreadable

SECOND = 1_000_000
ANSWER = (b"accepted\n", b'{"accepted":true}')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "xar").mkdir()
    DropFolder(tmp_path / "xar", "read me").prepare()
    return tmp_path / "xar"


def opened(root: Path) -> DropFolder:
    return DropFolder(root, "read me")


def settled(folder: DropFolder, at: int = 0) -> list[Found]:
    """What is ready after two looks, two seconds apart."""
    folder.look(at)
    return folder.look(at + 2 * SECOND)


def names(found: list[Found]) -> list[str]:
    return [f.name for f in found]


def listed(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def put_away(folder: DropFolder, found: Found, accepted: bool = True) -> None:
    data = folder.read(found)
    assert data is not None
    folder.settle(found, data, accepted, ANSWER)


def refuse_system_call(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, name, refused)


# -- what is ready ----------------------------------------------------------------------------------------------------


def test_a_file_is_ready_when_it_was_left_alone_for_two_seconds(root: Path) -> None:
    folder = opened(root)
    (root / "in/a.txt").write_text("a")
    assert folder.look(0) == []
    assert folder.look(2 * SECOND - 1) == []
    assert names(folder.look(2 * SECOND)) == ["a.txt"]


def test_a_file_that_still_grows_is_not_ready(root: Path) -> None:
    folder = opened(root)
    for second in range(0, 20, 2):
        with (root / "in/a.txt").open("a") as file:
            file.write("more")
        assert folder.look(second * SECOND) == []
    assert names(folder.look(20 * SECOND)) == ["a.txt"]


def test_a_file_whose_writer_sets_size_and_time_beforehand_is_not_ready(root: Path) -> None:
    folder, file = opened(root), root / "in/a.txt"
    file.write_bytes(b"\0" * 8)
    os.utime(file, ns=(0, 0))
    folder.look(0)
    with file.open("r+b") as writer:
        writer.write(b"half")
    os.utime(file, ns=(0, 0))
    assert folder.look(2 * SECOND) == []


def test_a_clock_that_is_set_back_delays_nothing_for_long(root: Path) -> None:
    folder = opened(root)
    (root / "in/a.txt").write_text("a")
    folder.look(3_600 * SECOND)
    assert folder.look(0) == []
    assert names(folder.look(2 * SECOND)) == ["a.txt"]


def test_an_empty_file_is_given_a_minute_to_fill(root: Path) -> None:
    folder = opened(root)
    (root / "in/a.txt").touch()
    assert settled(folder) == []
    assert names(folder.look(60 * SECOND)) == ["a.txt"]


@pytest.mark.parametrize(
    "name", ["a.part", "a.PART", "a.tmp", "a.filepart", "a.crdownload", ".a.txt.x7Yz", "~$a.xlsx", "Thumbs.db"]
)
def test_a_temporary_name_is_never_ready_and_its_file_is_once_it_is_renamed(root: Path, name: str) -> None:
    folder = opened(root)
    (root / "in" / name).write_text("a")
    assert settled(folder) == []
    (root / "in" / name).rename(root / "in/a.txt")
    assert names(settled(folder, 10 * SECOND)) == ["a.txt"]


def test_a_file_that_somebody_holds_open_for_writing_is_not_read(root: Path) -> None:
    folder = opened(root)
    with (root / "in/a.txt").open("w") as stalled:
        stalled.write("half")
        stalled.flush()
        (found,) = settled(folder)
        assert folder.read(found) is None
    assert folder.read(found) == b"half"


def test_the_oldest_come_first_and_what_failed_comes_last(root: Path) -> None:
    folder = opened(root)
    for age, name in enumerate(("c", "a", "b")):
        (root / "in" / name).write_text(name)
        os.utime(root / "in" / name, ns=(age, age))
    assert names(settled(folder)) == ["c", "a", "b"]
    folder.postpone("c")
    assert names(folder.look(4 * SECOND)) == ["a", "b", "c"]


def test_one_look_brings_no_more_than_can_be_dealt_with(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropfolder, "BATCH", 3)
    monkeypatch.setattr(dropfolder, "SCAN", 5)
    for number in range(8):
        (root / "in" / f"{number}").write_text("a")
    folder = opened(root)
    taken = []
    while found := settled(folder):
        assert len(found) <= 3
        taken += names(found)
        for one in found:
            put_away(folder, one)
    assert sorted(taken) == sorted(map(str, range(8)))


def test_of_a_large_file_no_more_is_read_than_any_input_may_have(root: Path) -> None:
    folder = opened(root)
    with (root / "in/a").open("wb") as file:
        file.truncate(1 << 40)
    (found,) = settled(folder)
    assert len(folder.read(found) or b"") == LIMIT > 1_000_000


# -- what is no file --------------------------------------------------------------------------------------------------


def test_links_pipes_and_folders_are_not_followed_and_refused_once(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (root / "in/link").symlink_to(tmp_path / "secret")
    os.link(tmp_path / "secret", root / "in/hard")
    os.mkfifo(root / "in/pipe")
    (root / "in/folder").mkdir()
    folder = opened(root)
    found = settled(folder)
    assert {f.name: f.unfit for f in found} == {
        "link": "drop-link", "hard": "drop-hard-link", "pipe": "drop-special", "folder": "drop-folder",
    }  # fmt: skip
    for one in found:
        folder.tell(one, (b"no\n", b""))
    assert listed(root / "refused") == {f"{f.name}.answer.txt" for f in found}
    assert settled(folder, 10 * SECOND) == []
    (tmp_path / "secret").unlink()
    assert names(settled(folder, 20 * SECOND)) == ["hard"]  # now it has one name


def test_a_file_that_becomes_a_link_or_is_written_meanwhile_is_not_read(root: Path, tmp_path: Path) -> None:
    folder, file = opened(root), root / "in/a"
    file.write_text("a")
    (found,) = settled(folder)
    file.write_text("b")
    assert folder.read(found) is None
    file.unlink()
    assert folder.read(found) is None
    file.symlink_to("/etc/hostname")
    assert folder.read(found) is None


def test_a_file_that_may_not_be_read_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = opened(root)
    (root / "in/a").write_text("a")
    (found,) = settled(folder)

    def denied(*_: Any) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(folders, "reading", denied)
    with pytest.raises(Unreadable):
        folder.read(found)


@pytest.mark.parametrize("name", ["in", "out", "done", "refused"])
def test_a_folder_that_became_a_link_leads_nowhere(root: Path, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "shadow").write_text("secret")
    folder = opened(root)
    (root / "in/a").write_text("a")
    found = settled(folder)
    (root / name).rename(tmp_path / "old")
    (root / name).symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError):
        {
            "in": lambda: folder.look(9 * SECOND),
            "out": lambda: folder.put("x", b"x"),
            "done": lambda: put_away(folder, found[0]),
            "refused": lambda: put_away(folder, found[0], accepted=False),
        }[name]()
    assert listed(elsewhere) == {"shadow"}


def test_a_link_laid_where_we_write_is_not_written_through(root: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (root / "out/.a.txt.part").symlink_to(tmp_path / "mine")
    os.link(tmp_path / "mine", root / "out/.b.txt.part")
    (root / "out/a.txt").symlink_to(tmp_path / "mine")
    for name in ("a.txt", "b.txt"):
        opened(root).put(name, b"new")
        assert (root / "out" / name).read_bytes() == b"new"
    assert (tmp_path / "mine").read_text() == "mine"


# -- putting away -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("accepted", "place"), [(True, "done"), (False, "refused")])
def test_a_file_is_put_away_with_its_answers(root: Path, accepted: bool, place: str) -> None:
    folder = opened(root)
    (root / "in/a.txt").write_text("a")
    (found,) = settled(folder)
    put_away(folder, found, accepted)
    assert listed(root / place) == {"a.txt", "a.txt.answer.txt", "a.txt.answer.json"}
    assert (root / place / "a.txt").read_text() == "a"
    assert (root / place / "a.txt.answer.json").read_bytes() == ANSWER[1]
    assert listed(root / "in") == set()


def test_no_file_of_the_same_name_is_replaced(root: Path) -> None:
    folder = opened(root)
    for said in ("monday", "tuesday", "wednesday"):
        (root / "in/report.txt").write_text(said)
        put_away(folder, settled(folder)[0])
    kept = [p for p in (root / "done").iterdir() if ".answer." not in p.name]
    assert sorted(p.read_text() for p in kept) == ["monday", "tuesday", "wednesday"]
    assert all(p.suffix == ".txt" and p.name.startswith("report.") for p in kept)
    assert len(listed(root / "done")) == 9


def test_a_folder_of_answers_that_is_put_in_again_replaces_no_answer(root: Path) -> None:
    folder = opened(root)
    (root / "in/a").write_text("a")
    put_away(folder, settled(folder)[0])
    for name in listed(root / "done"):
        (root / "done" / name).rename(root / "in" / name)
    for one in settled(folder, 9 * SECOND):
        put_away(folder, one)
    assert len(listed(root / "done")) == 9
    assert (root / "done/a.answer.txt").read_bytes() == ANSWER[0]
    assert listed(root / "in") == set()


def test_a_second_try_after_a_crash_ends_at_the_same_names(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ("earlier", "now"):
        (root / "in/a").write_text(said)
        (found,) = settled(folder := opened(root))
        if said == "now":
            with monkeypatch.context() as crash:
                crash.setattr(dropfolder, "_moved", lambda *_: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    put_away(folder, found)
        put_away(opened(root), found)
    assert len(listed(root / "done")) == 6


def test_what_replaced_a_file_meanwhile_is_not_put_away_with_it(root: Path) -> None:
    folder, file = opened(root), root / "in/a.txt"
    file.write_text("old")
    (found,) = settled(folder)
    file.write_text("newer")
    folder.settle(found, b"old", True, ANSWER)
    assert file.read_text() == "newer"
    assert (root / "done/a.txt").read_text() == "old"
    assert listed(root / "done") == {"a.txt", "a.txt.answer.txt", "a.txt.answer.json"}


def test_what_was_deleted_meanwhile_is_put_away_as_it_was_read(root: Path) -> None:
    folder = opened(root)
    (root / "in/a").write_text("a")
    (found,) = settled(folder)
    (root / "in/a").unlink()
    folder.settle(found, b"a", False, ANSWER)
    assert (root / "refused/a").read_text() == "a"


HOSTILE = [
    b"\xff\xfe.txt",
    b"line\nbreak",
    b"\x1b[2Jclear",
    b"a" * 255,
    "é".encode() * 127,
    b"-rf",
    b"a b'c\"d",
    b"\\..\\x",
]


@pytest.mark.parametrize("raw", HOSTILE)
def test_a_hostile_name_is_taken_and_put_away_under_a_plain_one(root: Path, raw: bytes) -> None:
    (Path(os.fsdecode(bytes(root) + b"/in/" + raw))).write_text("a")
    folder = opened(root)
    for _ in range(2):
        (found,) = settled(folder)
        put_away(folder, found)
        (Path(os.fsdecode(bytes(root) + b"/in/" + raw))).write_text("b")
    put = listed(root / "done")
    assert len(put) == 6
    assert all(name.isprintable() for name in put)
    assert folders.plain(found.name) in put


@given(st.text() | st.binary().map(os.fsdecode))
def test_a_plain_name_is_no_path_and_fits_anywhere(name: str) -> None:
    made = folders.plain(name)
    assert 0 < len(made.encode()) <= folders.NAME
    assert made.isprintable()
    assert "/" not in made
    assert not made.startswith(".")
    assert folders.plain(made) == made


def test_a_long_name_keeps_its_suffix() -> None:
    assert folders.plain("x" * 300 + ".geojson").endswith("x.geojson")


# -- putting out ------------------------------------------------------------------------------------------------------


def test_what_goes_out_appears_whole_and_may_be_deleted(root: Path) -> None:
    folder = opened(root)
    for data in (b"first", b"second"):
        folder.put("0001-flash-alert.txt", data)
        assert listed(root / "out") == {"0001-flash-alert.txt"}
        assert (root / "out/0001-flash-alert.txt").read_bytes() == data
    (root / "out/0001-flash-alert.txt").unlink()
    folder.put("0001-flash-alert.txt", b"again")
    assert listed(root / "out") == {"0001-flash-alert.txt"}


@pytest.mark.parametrize("call", ["fsync", "rename"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_leaves_no_half_file(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    with monkeypatch.context() as failing:
        refuse_system_call(failing, call, code)
        with pytest.raises(OSError, match=os.strerror(code)):
            opened(root).put("a.txt", b"x" * 1_000)
    assert listed(root / "out") == set()


@pytest.mark.parametrize("mode", [0o750, 0o777])
def test_what_is_written_can_be_read_by_whoever_may_list_the_folder(root: Path, mode: int) -> None:
    (root / "out").chmod(mode)
    before = os.umask(0o077)
    try:
        opened(root).put("a", b"a")
    finally:
        os.umask(before)
    assert (root / "out/a").stat().st_mode & 0o777 == mode & 0o666


def test_a_page_explains_the_folder_and_is_mended(root: Path) -> None:
    (root / "README.txt").write_text("scribbled on")
    (root / "done").rmdir()
    opened(root).prepare()
    assert (root / "README.txt").read_text() == "read me"
    assert listed(root) == {"in", "out", "done", "refused", "README.txt"}
