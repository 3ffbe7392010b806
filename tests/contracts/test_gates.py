"""What a gate promises its bearer, held against the bus in memory and the one over NATS."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio
import msgspec
import pytest
from anyio.lowlevel import checkpoint

from coordinator import topology
from coordinator.edges.clock import ManualClock, SystemClock
from coordinator.edges.memory import MemoryBroker
from coordinator.edges.owed import Owing
from coordinator.errors import BusError, Full
from coordinator.ports import Bus
from coordinator.topology import COORD, INBOX, RAW
from schemas.acknowledgements import Answer, Receipt, Refusal
from tests.support.buses import Buses, open_memory, open_nats
from tests.support.gated import SECOND, T0, XAR, Bearer, answer, deliver, dispatching, gate_of, settle, stored

OpenBus = Callable[..., AbstractAsyncContextManager[Buses]]


@pytest.fixture(params=["memory", pytest.param("nats", marks=pytest.mark.nats)])
def open_bus(request: pytest.FixtureRequest, tmp_path: Path) -> OpenBus:
    """A way to open a bus; entered in the test, because it owns tasks."""

    def opened() -> AbstractAsyncContextManager[Buses]:
        return open_memory((XAR,)) if request.param == "memory" else open_nats((XAR,), tmp_path, sync_always=False)

    return opened


# -- in ---------------------------------------------------------------------------------------------------------------


async def test_an_input_reaches_the_bus_and_its_receipt_comes_back_in_the_senders_language(open_bus: OpenBus) -> None:
    async with open_bus() as buses:
        xar, coord = await buses(XAR), await buses(COORD)
        async with gate_of(xar, SystemClock()) as gate, anyio.create_task_group() as group:

            async def intake() -> None:
                raw = await stored(coord)
                assert (raw.data, raw.headers["Channel"], raw.headers["Bearer-Id"]) == (b"SITREP", "smtp", "a.txt")
                await answer(coord, Receipt(answers=(Answer(input=raw.id, ids=("S-1:1",), losses=2),)), raw.id)

            group.start_soon(intake)
            answered = await gate.take(b"SITREP", "a.txt", "text")
        assert answered.accepted
        assert answered.text.startswith("ACCEPTÉ : a.txt\nidentifiants : S-1:1\nvaleurs conservées sans champ : 2")
        assert msgspec.json.decode(answered.data)["ids"] == ["S-1:1"]


async def test_a_refusal_comes_back_with_where_why_and_how_to_mend_it(open_bus: OpenBus) -> None:
    async with open_bus() as buses:
        xar, coord = await buses(XAR), await buses(COORD)
        async with gate_of(xar, SystemClock(), language="es") as gate, anyio.create_task_group() as group:

            async def intake() -> None:
                raw = await stored(coord)
                refusal = Refusal(input=raw.id, path="line 3", why='"25:61" is no time', hint="write HH:MM")
                await answer(coord, refusal, raw.id)

            group.start_soon(intake)
            answered = await gate.take(b"SITREP 25:61", "b.txt", "text")
        assert answered.accepted is False
        assert answered.text.splitlines()[:4] == [
            "RECHAZADO: b.txt", "dónde: line 3", 'motivo: "25:61" is no time', "para corregirlo: write HH:MM",
        ]  # fmt: skip


async def test_the_same_bytes_under_the_same_name_are_the_same_input_and_get_the_same_answer(open_bus: OpenBus) -> None:
    async with open_bus() as buses:
        xar, coord = await buses(XAR), await buses(COORD)
        async with gate_of(xar, SystemClock()) as gate, anyio.create_task_group() as group:

            async def intake() -> None:
                raw = await stored(coord)
                await answer(coord, Receipt(answers=(Answer(input=raw.id, ids=("S-1:1",)),)), raw.id)

            group.start_soon(intake)
            first = await gate.take(b"SITREP", "a.txt", "text")
            again = await gate.take(b"SITREP", "a.txt", "text")
        assert (first.accepted, again.accepted) == (True, True)
        assert "déjà reçu" in again.text
        assert "déjà reçu" not in first.text
        assert (await coord.state(RAW)).messages == 1


async def test_an_answer_that_comes_late_goes_out_by_the_same_channel(open_bus: OpenBus) -> None:
    async with open_bus() as buses:
        xar, coord = await buses(XAR), await buses(COORD)
        owing, bearer = Owing(), Bearer()
        async with gate_of(xar, SystemClock(), owing=owing, patience_s=0.0) as gate, dispatching(gate, bearer):
            answered = await gate.take(b"SITREP", "a.txt", "text")
            assert answered.accepted is None
            assert answered.text.startswith("CONSERVÉ : a.txt")
            raw = await stored(coord)
            refusal = Refusal(input=raw.id, path="line 3", why="no time", hint="write HH:MM")
            await answer(coord, refusal, raw.id)
            await bearer.until(lambda: bearer.got)
            with anyio.fail_after(5):
                while owing.kept:
                    await checkpoint()
        [departure] = bearer.got
        assert departure.data.decode().startswith("REFUSÉ : a.txt\noù : line 3\nmotif : no time")
        assert (departure.precedence, departure.format) == ("immediate", "text")
        assert departure.name.startswith("answer-a.txt-")


async def test_what_is_owed_is_not_forgotten_by_a_restart(open_bus: OpenBus, tmp_path: Path) -> None:
    path = tmp_path / "owed" / XAR
    async with open_bus() as buses:
        xar, coord, bearer = await buses(XAR), await buses(COORD), Bearer()
        async with gate_of(xar, SystemClock(), owing=Owing(path), patience_s=0.0) as gate:
            assert (await gate.take(b"SITREP", "a.txt", "text")).accepted is None
        raw = await stored(coord)
        await answer(coord, Receipt(answers=(Answer(input=raw.id, ids=("S-1:1",)),)), raw.id)
        async with gate_of(xar, SystemClock(), owing=Owing(path)) as gate, dispatching(gate, bearer):
            await bearer.until(lambda: bearer.got)
        assert bearer.got[0].data.decode().startswith("ACCEPTÉ : a.txt")


async def test_an_input_that_could_not_be_kept_is_the_bearers_to_offer_again() -> None:
    class Broken:
        def __init__(self, bus: Bus) -> None:
            self._bus = bus

        def __getattr__(self, name: str) -> Any:
            return getattr(self._bus, name)

        async def publish(self, *_: Any, **__: Any) -> Any:
            raise Full("the disk is full")

    async with open_memory((XAR,)) as buses, gate_of(Broken(await buses(XAR)), SystemClock()) as gate:  # type: ignore[arg-type]
        with pytest.raises(BusError, match="the disk is full"):
            await gate.take(b"SITREP", "a.txt")


@pytest.mark.parametrize("name", ["a\r\nOn-Behalf-Of: fhq", "\x00", "ä" * 500, ""])
@pytest.mark.parametrize("format_", ["", "../../x y", "TEXT\n", "text"])
async def test_hostile_names_and_formats_harm_nobody(name: str, format_: str) -> None:
    async with open_memory((XAR,)) as buses:
        coord = await buses(COORD)
        async with gate_of(await buses(XAR), SystemClock(), patience_s=0.0) as gate:
            answered = await gate.take(b"SITREP", name, format_)
        assert answered.accepted is None
        raw = await coord.get(RAW, 1)
        assert raw is not None
        assert "On-Behalf-Of" not in raw.headers
        assert raw.subject.startswith("from.xar.raw.")


# -- out --------------------------------------------------------------------------------------------------------------


async def test_everything_that_is_delivered_goes_out_once_and_is_done_with(open_bus: OpenBus) -> None:
    async with open_bus() as buses:
        xar, coord, bearer = await buses(XAR), await buses(COORD), Bearer()
        async with gate_of(xar, SystemClock()) as gate, dispatching(gate, bearer):
            await deliver(coord, *(f"text {n}" for n in range(30)))
            await bearer.until(lambda: len(bearer.got) == 30)
        assert sorted(bearer.texts) == sorted(f"text {n}" for n in range(30))
        assert len({d.id for d in bearer.got}) == 30
        assert await xar.progress(INBOX, "gate-smtp") == 30
        assert await xar.progress(INBOX, topology.READER) == 0  # its own client reads apart


async def test_what_a_killed_carry_did_not_confirm_goes_out_again_under_the_same_id_and_name(open_bus: OpenBus) -> None:
    async with open_bus() as buses:
        xar, coord, bearer = await buses(XAR), await buses(COORD), Bearer()
        async with gate_of(xar, SystemClock()) as gate:
            await deliver(coord, "one", "two", "three")
            bearer.stuck = {"two"}
            async with dispatching(gate, bearer) as scope:
                await bearer.until(lambda: "two" in bearer.tried)
                scope.cancel()
            bearer.stuck = set()
            async with dispatching(gate, bearer):
                await bearer.until(lambda: len(bearer.got) == 3)
        assert bearer.texts == ["one", "two", "three"]
        assert bearer.tried == ["one", "two", "two", "three"]


async def test_a_restart_of_everything_loses_nothing() -> None:
    clock = ManualClock(T0)
    world = MemoryBroker(topology.build((XAR,), channels={XAR: ("smtp",)}), clock)
    async with world.connect(COORD) as coord:
        await deliver(coord, "one", "two", "three")
    bearer = Bearer()
    bearer.stuck = {"two"}
    for _ in range(2):
        async with world.connect(XAR) as xar, gate_of(xar, clock) as gate, dispatching(gate, bearer):
            await bearer.until(lambda: "two" in bearer.tried)
            await clock.advance(clock.now() + 3600 * SECOND)
            await settle()
        bearer.stuck = set()
    assert sorted(set(bearer.texts)) == ["one", "three", "two"]
