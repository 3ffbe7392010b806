"""Channels of a mission: what its lint finds, and how bearers are run side by side."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import anyio
import msgspec
import pytest
from anyio.lowlevel import checkpoint

from coordinator import config, topology
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.edges import tokens
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker, MemoryBus
from coordinator.edges.owed import MOST, Owed, Owing
from coordinator.edges.store import refuse
from coordinator.errors import ConfigError, UsageError
from coordinator.gates import running
from coordinator.gates.alone import alone
from coordinator.ports import Gate
from coordinator.services import catalogue
from coordinator.topology import COORD

SECOND = 1_000_000
BEARERS = {"files": "fake_bearers:files", "http": "fake_bearers:http", "smtp": "not_written_yet:serve"}


def mission(*channels: Channel, **others: tuple[Channel, ...]) -> Mission:
    more = tuple(Participant(id=p, channels=c) for p, c in others.items())
    people = (Participant(id="xar", channels=channels), Participant(id="joc", role="desk", operator=True), *more)
    return Mission(name="m", participants=people)


def found(*channels: Channel, **others: tuple[Channel, ...]) -> list[str]:
    return [str(f) for f in config.lint(mission(*channels, **others)) if "channels" in f.path]


def test_a_mission_with_sound_channels_has_no_findings() -> None:
    assert found(
        Channel(name="folder", kind="files", format="text", language="fr-CA", carries=("alert", "directive")),
        Channel(name="web", kind="http", precedence="immediate"),
        Channel(name="mail", kind="smtp", address="duty@xar.example"),
        Channel(name="atak", kind="tak"),
        Channel(name="hook", kind="webhook", address="https://xar.example:8443/in?key=1"),
        Channel(name="sms", kind="short", address="+000555012", max_bytes=270),
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (Channel(name="My Folder", kind="files"), "cannot be a subject token"),
        (Channel(name="m", kind="smtp"), "mail goes nowhere without an address"),
        (Channel(name="m", kind="smtp", address="duty"), '"duty" is no address'),
        (Channel(name="m", kind="smtp", address="a@b, c@d"), "is no address"),
        (Channel(name="s", kind="short"), "without a number"),
        (Channel(name="w", kind="webhook"), "a webhook goes nowhere without a URL"),
        (Channel(name="w", kind="webhook", address="http://xar.example/in"), "is no address"),
        (Channel(name="w", kind="webhook", address="https://xar:word@xar.example/"), "is no address"),
        (Channel(name="f", kind="files", format="word97"), 'no format "word97"'),
        (Channel(name="t", kind="tak", format="text"), 'carries "cot" only'),
        (Channel(name="f", kind="files", carries=("gossip",)), 'no kind "gossip"'),
        (Channel(name="f", kind="files", language="tlh"), 'no texts in "tlh"'),
        (Channel(name="f", kind="files", max_bytes=-1), "less than nothing"),
    ],
)
def test_a_channel_that_could_not_work_is_found_before_it_runs(channel: Channel, said: str) -> None:
    [finding] = found(channel)
    assert said in finding
    assert finding.startswith("participants[0].channels[0]")


def test_two_channels_of_one_participant_need_two_names() -> None:
    [finding] = found(Channel(name="a", kind="files"), Channel(name="a", kind="http"))
    assert 'two channels "a"' in finding


@pytest.mark.parametrize(("kind", "address"), [("smtp", "Duty@xar.example"), ("short", "+000555012")])
def test_an_address_leads_back_to_one_participant(kind: Any, address: str) -> None:
    one, same = Channel(name="a", kind=kind, address=address), Channel(name="a", kind=kind, address=address.lower())
    [finding] = found(one, xbl=(same,))
    assert 'is the address of "xar" as well' in finding
    assert found(one, Channel(name="b", kind=kind, address=address)) == []


def test_channels_are_run_by_a_name_among_the_services() -> None:
    assert catalogue.chosen(("channels",)) == ()
    assert "channels" not in catalogue.NAMES
    with pytest.raises(UsageError, match="channels"):
        catalogue.check(("chanels",))


# -- running ----------------------------------------------------------------------------------------------------------


class Bearers(ModuleType):
    """Bearers that do as they are told."""

    def __init__(self) -> None:
        super().__init__("fake_bearers")
        self.gates: dict[str, Sequence[Gate]] = {}
        self.starts: list[str] = []
        self.break_files = anyio.Event()
        self.refusal: ConfigError | None = None

    async def files(self, gates: Sequence[Gate], at: Any, store: Path, clock: Any, *, task_status: Any) -> None:
        self.starts.append("files")
        self.gates["files"] = gates
        if self.refusal:
            raise self.refusal
        task_status.started((str(store / at.folder),))
        await self.break_files.wait()
        self.break_files = anyio.Event()
        raise ZeroDivisionError("a bug")

    async def http(self, gates: Sequence[Gate], at: Any, store: Path, clock: Any, *, task_status: Any) -> None:
        self.starts.append("http")
        self.gates["http"] = gates
        task_status.started((at.listen,))
        await anyio.sleep_forever()


@pytest.fixture
def bearers(monkeypatch: pytest.MonkeyPatch) -> Bearers:
    module = Bearers()
    monkeypatch.setitem(sys.modules, "fake_bearers", module)
    return module


WORLD = mission(Channel(name="f", kind="files"), Channel(name="w", kind="http"), xbl=(Channel(name="f", kind="files"),))


@asynccontextmanager
async def channels(store: Path, clock: ManualClock, world: Mission = WORLD) -> AsyncIterator[dict[str, Any]]:
    declared = topology.build((p.id for p in world.participants), channels=running.names(world))
    broker = MemoryBroker(declared, clock)

    @asynccontextmanager
    async def connect(participant: str, name: str) -> AsyncIterator[MemoryBus]:
        async with broker.connect(participant, name=name) as bus:
            yield bus

    async with running.running(world, connect, store, clock, BEARERS) as listening:
        assert broker.connections["xar"] == 0  # a gate is no contact of its participant
        yield listening


async def test_every_kind_gets_its_gates_and_says_where_it_listens(bearers: Bearers, tmp_path: Path) -> None:
    async with channels(tmp_path, ManualClock()) as listening:
        assert listening == {"files": (str(tmp_path / "channels/files"),), "http": ("127.0.0.1:8222",)}
        assert [(g.participant, g.channel.name) for g in bearers.gates["files"]] == [("xar", "f"), ("xbl", "f")]
        assert [(g.participant, g.channel.name) for g in bearers.gates["http"]] == [("xar", "w")]


async def test_a_bearer_that_fails_later_is_started_again_and_harms_no_other(
    bearers: Bearers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = ManualClock()
    async with channels(tmp_path, clock):
        for _ in range(3):
            bearers.break_files.set()
            for _ in range(20):
                await checkpoint()
            await clock.advance(clock.now() + 61 * SECOND)
    assert bearers.starts == ["files", "http", "files", "files", "files"]
    assert "a bug" in capsys.readouterr().err


async def test_a_bearer_that_cannot_start_ends_everything_with_its_reason(bearers: Bearers, tmp_path: Path) -> None:
    bearers.refusal = refuse(tmp_path, "is no folder", "choose another")
    with pytest.raises(BaseExceptionGroup) as caught:
        async with channels(tmp_path, ManualClock()):
            raise AssertionError("it must not get here")
    [refusal] = caught.value.exceptions
    assert "is no folder" in str(refusal)


async def test_the_file_of_places_is_read_before_anything_starts(bearers: Bearers, tmp_path: Path) -> None:
    (tmp_path / "channels.toml").write_text("[fils]\n")
    with pytest.raises(ConfigError, match="fils"):
        async with channels(tmp_path, ManualClock()):
            raise AssertionError("it must not get here")
    assert bearers.starts == []


async def test_a_mission_without_channels_starts_nothing(bearers: Bearers, tmp_path: Path) -> None:
    async with channels(tmp_path, ManualClock(), mission()) as listening:
        assert listening == {}
    assert [p async for p in anyio.Path(tmp_path).iterdir()] == []


# -- what is owed -----------------------------------------------------------------------------------------------------


def test_what_is_owed_is_read_back_and_what_was_given_is_not(tmp_path: Path) -> None:
    owing = Owing(tmp_path / "owed" / "xar")
    for n in range(5):
        owing.add(f"i-{n}", Owed("mail", f"{n}.txt"))
    owing.settle("i-3")
    again = Owing(tmp_path / "owed" / "xar")
    assert dict(again.kept) == {f"i-{n}": Owed("mail", f"{n}.txt") for n in (0, 1, 2, 4)}


def test_a_damaged_line_costs_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "xar"
    Owing(path).add("i-1", Owed("mail", "a"))
    path.write_bytes(b'{"input": \xff\n' + path.read_bytes() + b'{"inp')
    assert list(Owing(path).kept) == ["i-1"]
    assert capsys.readouterr().err.count("cannot be read") == 2
    assert [msgspec.json.decode(line)["input"] for line in path.read_bytes().splitlines()] == ["i-1"]


def test_what_is_owed_is_bounded_and_what_is_given_up_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    owing = Owing()
    for n in range(MOST + 2):
        owing.add(f"i-{n}", Owed("mail", "a"))
    assert len(owing.kept) == MOST
    assert "i-1" in capsys.readouterr().err


def test_a_store_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "owed").write_text("a file")
    with pytest.raises(ConfigError, match="cannot be used"):
        Owing(tmp_path / "owed" / "xar")


def test_a_file_of_what_is_owed_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coordinator.edges.owed.MOST_OLD", 10)
    owing = Owing(tmp_path / "xar")
    owing.add("i-kept", Owed("mail", "a"))
    for n in range(100):
        owing.add(f"i-{n}", Owed("mail", "a"))
        owing.settle(f"i-{n}")
    assert len((tmp_path / "xar").read_bytes().splitlines()) <= 12
    assert list(Owing(tmp_path / "xar").kept) == ["i-kept"]


def test_a_line_that_a_full_disk_tore_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owing, path = Owing(tmp_path / "xar"), tmp_path / "xar"
    with monkeypatch.context() as full:
        full.setattr(Path, "open", _raising(OSError(28, "No space left on device")))
        owing.add("i-1", Owed("mail", "a"))
    path.write_bytes(b'{"input": "i-1", "ow')
    owing.add("i-2", Owed("mail", "a"))
    assert list(Owing(path).kept) == ["i-2"]


def _raising(error: OSError) -> Any:
    def raising(*_: object, **__: object) -> None:
        raise error

    return raising


async def test_what_a_channel_owes_that_was_renamed_goes_by_another(bearers: Bearers, tmp_path: Path) -> None:
    Owing(tmp_path / running.OWED / "xar").add("i-1", Owed("old", "a.txt"))
    async with channels(tmp_path, ManualClock()):
        pass
    assert dict(Owing(tmp_path / running.OWED / "xar").kept) == {"i-1": Owed("f", "a.txt")}


# -- one at a time ----------------------------------------------------------------------------------------------------


class Naming:
    """Opens connections of the services by their names."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.broker = MemoryBroker(topology.build(("xar",)), self.clock)

    @asynccontextmanager
    async def connect(self, name: str) -> AsyncIterator[MemoryBus]:
        async with self.broker.connect(COORD, name=name) as bus:
            yield bus

    async def wait(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            await self.clock.advance(self.clock.now() + SECOND // 2, settle=20)


async def test_a_second_coordinator_does_not_run_the_channels_of_a_bus(tmp_path: Path) -> None:
    naming, second = Naming(), anyio.Event()
    async with alone(naming.connect, naming.clock), anyio.create_task_group() as group:

        async def other() -> None:
            with pytest.raises(ConfigError, match="another coordinator"):
                async with alone(naming.connect, naming.clock):
                    raise AssertionError("it must not get here")
            second.set()

        group.start_soon(other)
        await naming.wait(15)
        assert second.is_set()


async def test_who_comes_after_one_that_stops_takes_the_channels_over() -> None:
    naming, mine = Naming(), anyio.Event()

    async def other() -> None:
        async with alone(naming.connect, naming.clock):
            mine.set()

    async with anyio.create_task_group() as group:
        async with alone(naming.connect, naming.clock):
            group.start_soon(other)
            await naming.wait(3)
            assert not mine.is_set()
        await naming.wait(1)
        assert mine.is_set()


async def test_who_was_cut_off_and_replaced_leaves_the_channels_to_the_other() -> None:
    naming = Naming()
    with pytest.raises(BaseExceptionGroup) as caught:
        async with alone(naming.connect, naming.clock):
            naming.broker.colleagues[:] = ["channels-other", *naming.broker.colleagues]
            await naming.wait(31)
            await anyio.sleep(1)
    assert caught.group_contains(ConfigError, match="another coordinator")


async def test_a_participant_cannot_take_the_channels_away() -> None:
    naming = Naming()
    async with naming.broker.connect("xar", name="channels-0000"), alone(naming.connect, naming.clock):
        await naming.wait(31)


@pytest.mark.parametrize("content", ["", "\n", "short\n", "ümläut-in-a-token-of-20-letters\n"])
def test_a_file_without_a_token_is_named_and_lets_nobody_in(tmp_path: Path, content: str) -> None:
    tokens.path_of(tmp_path, "xar").parent.mkdir()
    tokens.path_of(tmp_path, "xar").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="delete the file"):
        tokens.Tokens(tmp_path, ["xar"])


def test_a_start_that_was_killed_while_it_made_a_token_leaves_none_that_is_half(tmp_path: Path) -> None:
    tokens.path_of(tmp_path, "xar").parent.mkdir()
    tokens.path_of(tmp_path, "xar").with_suffix(".draft").write_text("ha")
    made = tokens.token(tmp_path, "xar")
    assert len(made) >= tokens.SHORTEST
    assert tokens.path_of(tmp_path, "xar").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in (tmp_path / "creds").iterdir()] == ["xar.token"]
