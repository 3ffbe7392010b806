"""Whatever a participant sends, by whatever software: it is refused with a reason, and the bus goes on for all."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from coordinator.client import LIMIT, Client, Item, Outcome
from coordinator.core.step import Effect, Logged
from coordinator.edges.clock import monotonic
from coordinator.services.base import Service
from coordinator.services.catalogue import NAMES
from coordinator.topology import RAW
from schemas import subjects
from schemas.operations import Oversize
from tests.support import chaos
from tests.support.chaos import MISSION
from tests.support.folds import Counter, counter
from tests.support.hostile import wire
from tests.support.house import House, house, settle

pytestmark = pytest.mark.nats

GOOD = b'{"id": "%b", "kind": "sitrep", "body": {"period": {}}}'

HEADERS = {
    "non-ASCII file name": "Bearer-Id: été ☃.txt\r\n".encode(),
    "bytes that are no UTF-8": b"Bearer-Id: \xe9t\xe9\r\n",
    "time of 32 digits": b"Logged-At: 99999999999999999999999999999999\r\n",
    "time in superscript": "Logged-At: ²\r\n".encode(),
    "time in the far future": b"Logged-At: 4102444800000000\r\n",
    "line without a colon": b"what is this\r\n",
    "line without a name": b": x\r\n",
    "flood of headers": b"".join(b"H%d: x\r\n" % i for i in range(20_000)),
    "half a megabyte of one": b"Bearer-Id: " + b"x" * 500_000 + b"\r\n",
    "NUL": b"Bearer-Id: a\x00b\r\n",
    "line feed alone": b"Bearer-Id: a\nX: b\r\n",
    "carriage return alone": b"Bearer-Id: a\rX\r\n",
    "hash of something else": b"Content-Hash: 0000\r\n",
    "id with wildcards": b"Nats-Msg-Id: a b.*> c\r\n",
    "id of 100 kB": b"Nats-Msg-Id: " + b"i" * 100_000 + b"\r\n",
    "id that is no UTF-8": b"Nats-Msg-Id: \xed\xa0\x80\r\n",
    "batch with wildcards": b"Batch: .*> \r\n",
    "channel of 100 kB": b"Channel: " + b"c" * 100_000 + b"\r\n",
    "on behalf of nobody": b"On-Behalf-Of: ..*\r\n",
    "a service's own headers": b"Service: intake\r\nCause-Seq: 99999999999999999999\r\nLog-Seq: x\r\n",
    "a server's status": b"Status: 503\r\n",
}


async def send(client: Client, data: bytes, format_: str = "native", name: str = "", behalf: str = "") -> Outcome:
    """Send one input and return what became of it."""
    [outcome] = [o async for o in client.send([Item(data=data, format=format_, name=name)], on_behalf_of=behalf)]
    return outcome


async def whole(home: House) -> list[str]:
    """Say what `log verify` finds."""
    return await chaos.integrity(await home.bus(), home.setting.key)


async def test_two_who_send_the_same_bytes_under_the_same_name_both_get_their_answer(tmp_path: Path) -> None:
    async with house(tmp_path, MISSION) as home, home.services():
        for who in ("xco-eng", "xar-batt"):
            outcome = await send(await home.client(who), GOOD % b"same", name="sitrep.json")
            assert (outcome.accepted, outcome.duplicate, outcome.ids) == (True, False, ("same:1",)), who


async def test_headers_of_any_bytes_stop_nobody(tmp_path: Path) -> None:
    """A client of somebody's own may write any header; the next good message is accepted, and nothing is broken."""
    async with house(tmp_path, MISSION) as home, home.services() as runners, wire(home.server, "xco-eng") as rude:
        other = await home.client("xar-batt")
        for n, (what, headers) in enumerate(HEADERS.items()):
            for subject in ("from.xco-eng.raw.native", "from.xco-eng.msg.sitrep"):
                assert await rude.publish(subject, headers, GOOD % b"rude-%d" % n) == [], what
            assert (await send(other, GOOD % b"good-%d" % n)).accepted, what
        for subject in ("from.xco-eng.raw.FOO", "from.xco-eng.msg.%", "from.xco-eng.raw." + "x" * 3000):
            assert await rude.publish(subject, b"", b"{}") == []
        await settle(runners)
        assert {r.service.name: (await r.status()).failed for r in runners} == dict.fromkeys(NAMES, 0)
        assert await whole(home) == []
        found = await chaos.facts(await home.bus())
        assert max(len(d.data) for d in found.log) < 10_000, "what was in a header did not travel on"
        assert list(chaos.law_1([], found, home.setting)) == []


BAD = {
    "empty": (b"", "native"),
    "truncated JSON": (b'{"id": "a", "kind": "sitrep", "bo', "native"),
    "truncated XML": (b'<event version="2.0"><point lat="1', "cot"),
    "a million nested lists": (b"[" * 1_000_000, "native"),
    "a million nested elements": (b"<a>" * 333_000, "cot"),
    "DOCTYPE": (b'<!DOCTYPE x [<!ENTITY a "b">]><event>&a;</event>', "cot"),
    "UTF-16": ('{"kind": "sitrep"}'.encode("utf-16"), "native"),
    "no UTF-8": (b'{"id": "\xff\xfe", "kind": "sitrep", "body": {}}', "native"),
    "latitude of 91": (
        b'<event version="2.0" uid="a" type="a-f-G" how="m-g" time="2027-03-14T11:31:00Z" start="2027-03-14T11:31:00Z" '
        b'stale="2027-03-14T11:36:00Z"><point lat="91" lon="0" hae="0" ce="1" le="1"/></event>', "cot",
    ),
    "year 0000": (
        b'<event version="2.0" uid="a" type="a-f-G" how="m-g" time="0000-03-14T11:31:00Z" start="0000-03-14T11:31:00Z" '
        b'stale="0000-03-14T11:36:00Z"><point lat="1" lon="0" hae="0" ce="1" le="1"/></event>', "cot",
    ),
    "kind that nobody registered": (b'{"id": "a", "kind": "order-66", "body": {}}', "native"),
    "kind that only the bus writes": (b'{"id": "a", "kind": "finding", "body": {}}', "native"),
    "another's name inside": (b'{"originator": "sn-hq", "kind": "sitrep", "body": {"period": {}}}', "native"),
    "the bus's name inside": (b'{"originator": "coord", "kind": "sitrep", "body": {"period": {}}}', "native"),
    "exercise traffic": (b'{"id": "a", "reality": "exercise", "kind": "sitrep", "body": {"period": {}}}', "native"),
    "format that nobody knows": (b"x", "klingon"),
    "format that nobody recognises": (bytes(range(256)), ""),
    "18000 messages": (b'{"kind":"sitrep","version":9,"body":{"period":{}}}\n' * 18_000, "native"),
    "more when translated": (b'{"kind":"sitrep","body":{"period":{}},"x":["' + b'\\"' * 440_000 + b'"]}', "native"),
    "20000 amendments": (
        b'{"kind":"directive","body":{"directive_kind":"frago","task":"t","amends":['
        + b",".join(b'{"order":{"id":"O%d"}}' % n for n in range(20_000)) + b"]}}", "native",
    ),
    "over the limit": (b"x" * (LIMIT + 1), "native"),
}  # fmt: skip
SLOW = frozenset({"18000 messages", "20000 amendments"})  # read to the end before it is too much


async def test_bad_input_is_refused_at_once_and_its_bytes_are_kept(tmp_path: Path) -> None:
    """Each is refused with where, why and how to mend it; the sender's connection stays, its next message is good."""
    async with house(tmp_path, MISSION) as home, home.services() as runners:
        client = await home.client("xar-batt")
        raw = await home.bus()
        for n, (what, (data, format_)) in enumerate(BAD.items()):
            began = monotonic()
            outcome = await send(client, data, format_, name=f"{what} été.txt")
            took = monotonic() - began
            assert outcome.accepted is False, what
            assert outcome.path, what
            assert outcome.why, what
            assert outcome.hint, what
            assert took < (10 if what in SLOW else 1), (what, took)
            stands = subjects.OVERSIZE if len(data) > LIMIT else format_ or subjects.UNDECLARED
            kept = await raw.last(RAW, subjects.raw("xar-batt", stands))
            assert kept is not None
            assert len(data) > LIMIT or kept.data == data
            assert (await send(client, GOOD % b"after-%d" % n)).accepted, what
        refused = await send(client, GOOD % b"for-another", behalf="sn-hq")
        assert (refused.accepted, refused.path) == (False, "header On-Behalf-Of")
        await settle(runners)
        assert {r.service.name: (await r.status()).failed for r in runners} == dict.fromkeys(NAMES, 0)


async def test_fifty_megabytes_are_refused_with_their_hash_and_head(tmp_path: Path) -> None:
    """More than a message may hold does not cross the wire; what does says what it was."""
    data = bytes(range(256)) * 200_000
    async with house(tmp_path, MISSION) as home, home.services():
        client = await home.client("xar-batt")
        began = monotonic()
        outcome = await send(client, data, "cot", name="big.xml")
        assert (outcome.accepted, monotonic() - began < 1.5) == (False, True)
        assert "51200000 bytes" in outcome.why
        kept = await (await home.bus()).last(RAW, subjects.raw("xar-batt", subjects.OVERSIZE))
        assert kept is not None
        notice = msgspec.json.decode(kept.data, type=Oversize)
        assert (notice.sha256, notice.size) == (hashlib.sha256(data).hexdigest(), len(data))
        assert data.startswith(notice.head)
        assert (await send(client, GOOD % b"after")).accepted


@pytest.mark.slow
async def test_memory_stays_bounded_over_two_hundred_bad_inputs(tmp_path: Path) -> None:
    """The services' memory does not grow with what is refused."""
    mission = str(Path(chaos.__file__).parents[2] / "coordinator" / "demo" / "v1" / "mission.toml")
    services = chaos.Services(tmp_path, "--store", str(tmp_path), "--mission", mission)
    await services.start()
    try:
        from coordinator.app import Target, open_client

        async with open_client(Target(tmp_path, "xar-batt")) as client:
            assert (await send(client, b"[" * 900_000)).accepted is False
            before = services.memory_kb()
            for n in range(200):
                data, format_ = list(BAD.values())[n % len(BAD)]
                assert (await send(client, data, format_, name=f"bad-{n}")).accepted is False
            assert services.memory_kb() - before < 150_000
    finally:
        await services.stop()


class Fragile(Counter):
    """Cannot stand one message."""

    def handle(self, message: Logged) -> list[Effect]:
        if message.envelope.id == "boom":
            raise ZeroDivisionError
        return list(super().handle(message))


async def test_a_message_that_breaks_a_core_stops_nobody_and_is_counted(tmp_path: Path) -> None:
    """Our own mistake must not stop the bus: what follows is handled, also after a restart, and the failure shows."""
    fragile: Service = counter()._replace(build=lambda _: Fragile(), reads={"LOG": (subjects.records("sitrep"),)})
    async with house(tmp_path, MISSION) as home:
        client = await home.client("xar-batt")
        for start in (1, 2):
            async with home.services([*chaos.chosen(("release", "intake")), fragile]) as runners:
                for name in ("a", "boom", "b"):
                    assert (await send(client, GOOD % f"{name}-{start}".encode().replace(b"boom-1", b"boom"))).accepted
                await settle(runners)
                status = await runners[-1].status()
                assert (status.failed, runners[-1].core.state.total) == (1 if start == 1 else 0, 2 if start == 1 else 5)
