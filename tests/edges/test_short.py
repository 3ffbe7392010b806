"""The bearer of short messages: whose number it is, parts that wait for each other, and spool folders that break."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio
import pytest
from structlog.testing import capture_logs

from adapters.short import wire
from coordinator.edges import endpoints, short, spool
from coordinator.edges.clock import ManualClock
from coordinator.edges.tasks import beside
from coordinator.errors import BusError, ConfigError
from coordinator.ports import Answered, Carry
from tests.support.gates import LATER, REFUSED, FakeGate, answered, departure

LOOK = int(short.LOOK_S * 1_000_000)
START = 1_805_007_600_000_000
HOUR = 3_600_000_000
PHONE, IMEI = "+999 555 0100", "300234010753370"


class Looks(ManualClock):
    """A clock that knows when the bearer has looked and waits for its next look."""

    def __init__(self) -> None:
        super().__init__(START)
        self._waits = anyio.Event()

    async def sleep_until(self, when: int) -> None:
        self._waits.set()
        await super().sleep_until(when)

    async def looked(self) -> None:
        with anyio.fail_after(10):
            await self._waits.wait()

    async def look(self, times: int = 2) -> None:
        """Let the folder be looked at again; a file is taken at the second look that finds it as it was."""
        for _ in range(times):
            await self.looked()
            self._waits = anyio.Event()
            await self.advance(self.now() + LOOK)
            await self.looked()


class Post:
    """The spool folders as a gateway sees them."""

    def __init__(self, store: Path) -> None:
        self.root = store / "channels/short"
        self.incoming, self.outgoing, self.unknown = (self.root / n for n in ("incoming", "outgoing", "unknown"))

    def sms(self, name: str, text: str | bytes, sender: str = "9995550100", heads: str = "", at: int = START) -> Path:
        body = text.encode() if isinstance(text, str) else text
        path = self.incoming / name
        path.write_bytes(f"From: {sender}\nSent: 27-03-14 07:00:00\n{heads}\n".encode() + body)
        os.utime(path, ns=(at * 1000, at * 1000))
        return path

    def sent(self) -> dict[str, str]:
        return {p.name: p.read_text() for p in sorted(self.outgoing.iterdir())}


@asynccontextmanager
async def served(store: Path, clock: Looks, *gates: FakeGate) -> AsyncIterator[Post]:
    async with beside() as tasks:
        post = Post(store)
        places = await tasks.start(partial(short.serve, gates, endpoints.Short(), store, clock))
        assert places == (str(post.incoming),)
        await clock.looked()
        yield post


def phone(participant: str = "xar", address: str = PHONE) -> FakeGate:
    return FakeGate(participant, "short", address=address)


# -- in ---------------------------------------------------------------------------------------------------------------


async def test_an_sms_is_taken_for_its_number_and_answered_by_a_message(tmp_path: Path) -> None:
    gate, other, clock = phone(), phone("xbl", "00999-555-0101"), Looks()
    gate.answers = [answered(True, "accepted\nCFV-0315-1:1")]
    async with served(tmp_path, clock, gate, other) as post:
        path = post.sms("GSM1.abc", "CFV CFV-0315-1/Kmortar\n")
        await clock.look()
        assert [(t.data, t.format) for t in gate.taken] == [(b"CFV CFV-0315-1/Kmortar", "short")]
        assert not other.taken
        assert not path.exists()
        (answer,) = post.sent().values()
        assert answer == "To: 9995550100\n\naccepted CFV-0315-1:1"


async def test_a_refusal_is_urgent_and_never_longer_than_one_message(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    gate.answers = [answered(False, "مرفوض: " + "السبب " * 80)]
    async with served(tmp_path, clock, gate) as post:
        post.sms("GSM1.abc", "INC 1/Kfire")
        await clock.look()
        heads, _, text = next(iter(post.sent().values())).partition("\n\n")
        assert heads == "To: 9995550100\nAlphabet: UTF-8\nPriority: high"
        assert 250 < len(text.encode()) <= 270
        assert text.endswith("..")


@pytest.mark.parametrize(
    ("alphabet", "encoding"), [("UCS2", "utf-16-be"), ("UTF-8", "utf-8"), ("ISO", "latin-1"), ("", "latin-1")]
)
async def test_texts_are_read_in_the_alphabet_of_their_head(tmp_path: Path, alphabet: str, encoding: str) -> None:
    gate, clock = phone(), Looks()
    text = "MSG A-1/Wتدريب" if encoding in ("utf-16-be", "utf-8") else "MSG A-1/Wété"
    async with served(tmp_path, clock, gate) as post:
        post.sms("GSM1.abc", text.encode(encoding), heads=f"Alphabet: {alphabet}\n" if alphabet else "")
        await clock.look()
    assert gate.taken[0].data.decode() == text


async def test_labelled_text_from_a_phone_is_left_to_recognition(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        post.sms("GSM1.abc", "ACKNOWLEDGEMENT\nOf: SN-FRAGO-7\nStep: wilco\n")
        await clock.look()
    assert gate.taken[0].format == ""


async def test_a_burst_is_known_by_the_terminal_in_its_name(tmp_path: Path) -> None:
    gate, clock = phone("unmo", f"imei:{IMEI}"), Looks()
    async with served(tmp_path, clock, gate) as post:
        (post.incoming / f"{IMEI}_000042.sbd").write_bytes(b"CFV CFV-0315-1/Kmortar")
        await clock.look()
        assert gate.taken[0].data == b"CFV CFV-0315-1/Kmortar"
        gate.put(departure(1, b"MSG A-1/Whello*0000\n", format="short", suffix=".sbd"))
        await gate.until(lambda: gate.carried)
        answer, burst = sorted(post.sent().items(), key=lambda item: "message" in item[0])
    assert answer[1] == "accepted"
    assert burst[0].startswith(IMEI)
    assert burst[1] == "MSG A-1/Whello*0000"


@pytest.mark.parametrize("sender", ["999 555 0199", "BANK", "", "300234010753370"])
async def test_what_comes_from_an_unknown_number_is_never_taken(tmp_path: Path, sender: str) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        post.sms("GSM1.abc", "CFV CFV-0315-1/Kmortar", sender)
        (post.incoming / "readme").write_text("From the gateway")
        with capture_logs() as logged:
            await clock.look()
        assert {p.name for p in post.unknown.iterdir()} == {"GSM1.abc", "readme"}
        assert not post.sent()
    assert not gate.taken
    assert not any("0199" in str(entry) for entry in logged)


async def test_a_file_is_taken_only_when_it_stands_still_and_is_a_plain_file(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        growing = post.sms("GSM1.abc", "CFV CFV-0315-1/Km")
        for name in (".hidden", "half.tmp"):
            post.sms(name, "CFV X-1/Kfire")
        os.mkfifo(post.incoming / "pipe")
        (post.incoming / "link").symlink_to(growing)
        await clock.look(1)
        with growing.open("a") as file:
            file.write("ortar")
        await clock.look(1)
        assert not gate.taken
        await clock.look(1)
    assert [t.data for t in gate.taken] == [b"CFV CFV-0315-1/Kmortar"]


async def test_what_the_bus_does_not_keep_stays_and_is_offered_again_under_its_name(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    gate.answers = [BusError("no connection"), answered(True, "accepted A-1:1")]
    async with served(tmp_path, clock, gate) as post:
        path = post.sms("GSM1.abc", "MSG A-1/Whello")
        await clock.look()
        assert path.exists()
        assert not post.sent()
        await clock.look(1)
        assert not path.exists()
    assert gate.taken[0] == gate.taken[1]


async def test_an_answer_that_comes_later_is_not_sent_twice(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    gate.answers = [LATER]
    async with served(tmp_path, clock, gate) as post:
        post.sms("GSM1.abc", "MSG A-1/Whello")
        await clock.look()
        assert gate.taken
        assert not post.sent()


async def test_two_machines_do_not_answer_each_other_for_ever(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    gate.answer = lambda _: REFUSED
    async with served(tmp_path, clock, gate) as post:
        for n in range(short.ANSWERS + 5):
            post.sms(f"GSM1.{n}", f"I am away {n}")
        await clock.look(4)
        assert len(gate.taken) == short.ANSWERS + 5
        assert len(post.sent()) == short.ANSWERS
        await clock.advance(clock.now() + HOUR)
        post.sms("GSM1.later", "MSG A-1/Whello")
        await clock.look()
        assert len(post.sent()) == short.ANSWERS + 1


async def test_who_floods_does_not_keep_others_waiting(tmp_path: Path) -> None:
    gate, other, clock = phone(), phone("xbl", "+999 555 0101"), Looks()
    async with served(tmp_path, clock, gate, other) as post:
        for n in range(3 * short.BATCH):
            post.sms(f"A{n}", f"MSG A-{n}/Whello", at=START - HOUR)
        post.sms("B", "MSG B-1/Whello", "9995550101")
        await clock.look()
        assert len(gate.taken) == short.BATCH
        assert len(other.taken) == 1


# -- parts ------------------------------------------------------------------------------------------------------------

LONG = wire.message("MSG XAR-7", [("W", " ".join(f"word{n}" for n in range(60)))])
PARTS = wire.parts(LONG, "XAR-7:1")


async def test_parts_wait_for_each_other_across_a_restart_and_go_as_one(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    assert len(PARTS) == 2
    async with served(tmp_path, clock, gate) as post:
        post.sms("GSM1.b", PARTS[1])
        await clock.look(3)
        assert not gate.taken
    again = phone()
    async with served(tmp_path, clock, again) as post:
        post.sms("GSM1.a", PARTS[0])
        await clock.look()
        assert not list(post.incoming.iterdir())
    assert [t.data.decode() for t in again.taken] == ["\n".join(PARTS)]


async def test_parts_of_two_senders_are_never_put_together(tmp_path: Path) -> None:
    gate, other, clock = phone(), phone("xbl", "+999 555 0101"), Looks()
    async with served(tmp_path, clock, gate, other) as post:
        post.sms("GSM1.a", PARTS[0])
        post.sms("GSM1.b", PARTS[1], "9995550101")
        await clock.look(3)
    assert not gate.taken
    assert not other.taken


async def test_parts_that_never_become_whole_are_taken_after_a_day_so_that_the_refusal_names_the_rest(
    tmp_path: Path,
) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        post.sms("GSM1.a", PARTS[0])
        await clock.look()
        await clock.advance(START + short.WAIT_S * 1_000_000 - LOOK)
        await clock.looked()
        assert not gate.taken
        await clock.look()
        assert [t.data.decode() for t in gate.taken] == [PARTS[0]]
        assert post.sent()


async def test_parts_of_one_sender_are_bounded(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        for n in range(short.MOST_PARTS + 2):
            post.sms(f"GSM1.{n}", f"1/2 X-{n}:1 MSG X-{n}/Whello", at=START + n * 1_000_000)
        await clock.look()
    assert [t.data.split()[1] for t in gate.taken] == [b"X-0:1", b"X-1:1"]


# -- out --------------------------------------------------------------------------------------------------------------


async def test_each_part_goes_out_as_a_file_and_what_is_urgent_says_so(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        gate.put(departure(7, "\n".join(PARTS).encode() + b"\n", format="short", precedence="flash"))
        await gate.until(lambda: gate.carried)
        files = post.sent()
    assert len(files) == 2
    for name, part in zip(files, PARTS, strict=True):
        assert files[name] == f"To: 9995550100\nPriority: high\n\n{part}"


async def test_what_is_no_short_message_is_undelivered_for_good(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        gate.put(departure(1, b"x" * 271), departure(2, b"", format="short"), departure(3, b"two\nlines"))
        await gate.until(lambda: gate.carried and len(gate.failed) == 2)
        assert [f[1].retry for f in gate.failed] == [False, False]
        assert list(post.sent().values()) == ["To: 9995550100\n\ntwo\nlines"]


async def test_a_hostile_name_stays_in_the_folder(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        gate.put(departure(1, b"hello")._replace(name="../../../evil\n.sh"))
        await gate.until(lambda: gate.carried)
        (name,) = post.sent()
        assert name.endswith("evil%0A.sh")


async def test_a_folder_that_vanishes_is_waited_for_and_nothing_counts_as_gone_out(tmp_path: Path) -> None:
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        post.root.rename(tmp_path / "away")
        with capture_logs() as logged:
            gate.put(departure(1, b"hello"))
            await gate.until(lambda: gate.failed)
            await clock.look(3)
        assert gate.failed[0][1].retry
        assert not gate.carried
        assert [e["event"] for e in logged] == ["spool folder is away"]
        (tmp_path / "away").rename(post.root)
        post.sms("GSM1.a", "MSG A-1/Whello")
        gate.try_again.set()
        await gate.until(lambda: gate.carried)
        await clock.look()
        assert gate.taken


async def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, clock = phone(), Looks()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with served(tmp_path, clock, gate) as post:
        with monkeypatch.context() as patch:
            patch.setattr(spool, "write", full)
            paths = [post.sms(name, "MSG A-1/Whello") for name in ("GSM1.a", "GSM1.b")]
            await clock.look()
            assert all(path.exists() for path in paths)
            assert {t.name for t in gate.taken} == {"GSM1.a", "GSM1.b"}  # the first one keeps no other waiting
        await clock.look()
        assert not any(path.exists() for path in paths)
        assert len(post.sent()) == 2
    assert len({t.name for t in gate.taken}) == 2


@pytest.mark.parametrize("address", ["", "none", "imei:"])
async def test_a_channel_without_a_number_cannot_be_served(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="is no number"):
        await short.serve([phone(address=address)], endpoints.Short(), tmp_path, Looks())


async def test_a_number_belongs_to_one_channel_only(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="xar as well"):
        await short.serve([phone(), phone("xbl", "00999 555 0100")], endpoints.Short(), tmp_path, Looks())


async def test_a_folder_that_cannot_be_made_is_the_operators_to_mend(tmp_path: Path) -> None:
    (tmp_path / "channels").write_text("a file")
    with pytest.raises(ConfigError, match=r"channels\.toml"):
        await short.serve([phone()], endpoints.Short(), tmp_path, Looks())


async def test_strangers_fill_no_disk_and_what_is_dropped_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short, "MOST_UNKNOWN", 3)
    gate, clock = phone(), Looks()
    async with served(tmp_path, clock, gate) as post:
        with capture_logs() as logs:
            for n in range(5):
                post.sms(f"GSM{n}", f"spam {n}", sender="123456")
            await clock.look()
        assert len(list(post.unknown.iterdir())) == 3
        assert not list(post.incoming.iterdir())
        dropped = [entry for entry in logs if entry["event"] == "message of an unknown number dropped"]
        assert len({entry["sha256"] for entry in dropped}) == 2


async def test_a_sender_whose_bus_hangs_keeps_no_other_waiting(tmp_path: Path) -> None:
    class Hangs(FakeGate):
        async def take(self, data: bytes, name: str, format: str = "") -> Answered:
            await anyio.sleep_forever()
            raise AssertionError("it sleeps for ever")

    gate, clock = phone("xbl", "+999 555 0101"), Looks()
    async with served(tmp_path, clock, Hangs("xar", "short", address=PHONE), gate) as post:
        post.sms("A1", "INC 1/Kfire")
        post.sms("B1", "INC 2/Kfire", sender="9995550101")
        await clock.look(1)
        await clock.advance(clock.now() + LOOK)
        await gate.until(lambda: gate.taken)
        assert [t.data for t in gate.taken] == [b"INC 2/Kfire"]


async def test_one_connection_that_fails_ends_nobody_elses_messages(tmp_path: Path) -> None:
    class Broken(FakeGate):
        async def dispatch(self, carry: Carry) -> None:
            raise BusError("not permitted")

    gate, clock = phone("xbl", "+999 555 0101"), Looks()
    async with served(tmp_path, clock, Broken("xar", "short", address=PHONE), gate) as post:
        with capture_logs() as logs:
            await clock.look(6)
        gate.put(departure(1, b"INC 1/Kfire", format="short"))
        await gate.until(lambda: gate.carried)
        assert len(post.sent()) == 1
        assert {entry["participant"] for entry in logs if entry["event"] == "nothing carried out"} == {"xar"}
