"""A shadow run says what would change if recorded inputs were read by the adapters of now, and publishes nothing."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from adapters.base import Context, Loss, Rejected, Translation
from coordinator.cli import recorded, shadowing
from coordinator.client import Item
from coordinator.core.mission import Mission, Participant
from coordinator.errors import Forbidden
from coordinator.services import judge as judging
from coordinator.services import log as log_service
from coordinator.services import shadow
from coordinator.services.judge import Input
from coordinator.topology import COORD, LOG, RAW, TRACKS
from schemas.acknowledgements import Answer
from schemas.envelope import Warning
from tests.cli.conftest import Run
from tests.support.memory import Small, running

PARTICIPANTS = (
    Participant(id="joc", role="desk", operator=True, types_for=("*",)),
    Participant(id="xar"),
    Participant(id="xbl"),
)
MISSION = Mission(name="test", zone="Z", participants=PARTICIPANTS)
PATROL = "PATROL PLAN\nReference: {}\nUnit: A Coy\nPlace: BRIDGE\nFrom: {}\nTo: 141100ZMAR27\nMeans: foot\n"
EVENT = (
    '<event version="2.0" uid="T-{0}" type="a-f-G" time="2027-03-14T06:59:{0:02d}Z" start="2027-03-14T06:59:00Z" '
    'stale="2027-03-14T07:05:00Z" how="m-g"><point lat="2.0" lon="-27.0" hae="0" ce="1" le="1"/></event>'
)
ALL = shadowing.Span(0, 2**60, "")
Change = Callable[[Input, Translation], Translation]


def patrol(name: str = "XAR-PTL-7", start: str = "141000ZMAR27") -> Item:
    return Item(data=PATROL.format(name, start).encode(), format="text", name=f"{name}.txt")


async def everything(small: Small) -> None:
    """Send what a day brings: read, refused, undeclared, sent twice, typed for others, too large, positions."""
    await small.send("xar", patrol(), patrol("XAR-PTL-8", "1000"))
    await small.send("xar", Item(data=patrol().data, name="the-same-again.txt"))
    await small.send("joc", patrol("XBL-PTL-1"), on_behalf_of="xbl")
    await small.send("xbl", *(Item(data=EVENT.format(n).encode(), format="cot", name=f"{n}.xml") for n in range(12)))
    await small.send("xbl", Item(data=b"x", size=5_000_000, sha256="00" * 32, name="large.bin"))
    note = {"id": "XBL-1", "kind": "message", "body": {"text": "laid out\nover lines"}}
    await small.send("xbl", Item(data=json.dumps(note, indent=2).encode(), format="native", name="note.json"))


async def shown(small: Small, capsys: pytest.CaptureFixture[str], span: shadowing.Span = ALL) -> tuple[int, list[Any]]:
    """Run it; return the exit code and the rows."""
    capsys.readouterr()
    async with small.client("joc") as client:
        code = await shadowing.adapter_diff(client, span, "live", json=True)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def adapters_become(patch: pytest.MonkeyPatch, change: Change) -> None:
    """Let a new release of the adapters read inputs otherwise."""
    before = judging._translate

    def now(item: Input, format_: str, context: Context) -> Translation:
        return change(item, before(item, format_, context))

    patch.setattr(judging, "_translate", now)


def but_for(name: str, change: Callable[[Translation], Translation]) -> Change:
    return lambda item, read: change(read) if name in item.bearer_id else read


async def test_the_same_adapters_change_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    async with running(MISSION) as small:
        await everything(small)
        code, rows = await shown(small, capsys)
    assert rows[:-1] == []
    assert (code, rows[-1]["summary"]) == (0, {"equal": 18, "by id only": 1})


async def test_nothing_is_published(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(MISSION) as small, small.broker.connect(COORD) as bus:
        await everything(small)
        before = [await bus.state(stream) for stream in (RAW, LOG, TRACKS)]
        adapters_become(monkeypatch, lambda _, read: msgspec.structs.replace(read, messages=()))
        assert (await shown(small, capsys))[0] == 1
        assert [await bus.state(stream) for stream in (RAW, LOG, TRACKS)] == before


async def test_small_pages_change_nothing_either(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_service, "PAGE", 2)
    monkeypatch.setattr(recorded, "PAGE", 3)
    monkeypatch.setattr(shadowing, "_AT_ONCE", 4)
    async with running(MISSION) as small:
        await everything(small)
        code, rows = await shown(small, capsys)
    assert (code, rows[-1]["summary"]["equal"]) == (0, 18)


async def test_an_input_is_judged_by_the_mission_of_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    local = patrol("XAR-PTL-9", "141000MAR27")  # without a zone letter
    async with running(MISSION) as small:
        await small.send("xar", local)
    strict = Mission(name="test", participants=PARTICIPANTS)
    async with running(strict, broker=small.broker) as later:
        await later.clock.advance(later.clock.now() + 3_600_000_000)
        [outcome] = await later.send("xar", Item(data=local.data, format="text", name="again.txt"))
        assert outcome.accepted is False
        code, rows = await shown(later, capsys)
    assert (code, rows) == (0, [rows[-1]])
    assert rows[-1]["summary"] == {"equal": 2}


async def test_each_sort_of_change_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_id(read: Translation) -> Translation:
        return msgspec.structs.replace(
            read, messages=tuple(msgspec.structs.replace(m, id="NEW") for m in read.messages)
        )

    def summary(read: Translation) -> Translation:
        messages = tuple(msgspec.structs.replace(m, summary="now with a summary") for m in read.messages)
        return msgspec.structs.replace(read, messages=messages, losses=(Loss(path="line 9", value="x"),))

    def warned(read: Translation) -> Translation:
        return msgspec.structs.replace(read, warnings=(Warning(code="c", path="line 1", text="look"),))

    def refuse(read: Translation) -> Translation:
        raise Rejected("line 1", "it is refused now", "write it otherwise")

    changes = {"A": other_id, "B": summary, "C": warned, "D": refuse}
    async with running(MISSION) as small:
        await small.send("xar", *(patrol(name) for name in changes), patrol("E"))
        for name, change in changes.items():
            adapters_become(monkeypatch, but_for(f"{name}.txt", change))
        code, rows = await shown(small, capsys)
    a, b, c, d = (row["difference"] for row in rows[:-1])
    assert (a["ids_before"], a["ids_after"]) == (["A:1"], ["NEW:1"])
    assert b["losses"] == [0, 1]
    assert b["fields"] == [{"id": "B:1", "path": "summary", "before": "(nothing)", "after": "now with a summary"}]
    assert c["warnings_new"] == ["line 1: look"]
    assert d["newly_refused"] == "line 1: it is refused now; write it otherwise"
    assert (code, rows[-1]["summary"]) == (1, {"different": 3, "newly refused": 1, "equal": 1})


async def test_what_was_refused_may_be_accepted_now(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(MISSION) as small:
        await small.send("xar", patrol("A", "1000"), patrol("B", "2500"))
        real = judging._translate

        def now(item: Input, format_: str, context: Context) -> Translation:
            return real(item._replace(data=item.data.replace(b"1000", b"141000Z")), format_, context)

        monkeypatch.setattr(judging, "_translate", now)
        async with small.client("joc") as client:
            capsys.readouterr()
            assert await shadowing.adapter_diff(client, ALL, "live", json=False) == 1
    text = capsys.readouterr().out
    assert "  newly accepted  A:1\n  was refused     line 5: From" in text
    assert text.endswith("2 inputs compared: 1 equal, 1 newly accepted\n")


async def test_our_own_mistake_in_a_new_adapter_is_a_refusal_and_no_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Input, __: Translation) -> Translation:
        raise ZeroDivisionError

    async with running(MISSION) as small:
        await small.send("xar", patrol("A"), patrol("B"))
        adapters_become(monkeypatch, broken)
        code, rows = await shown(small, capsys)
    assert (code, rows[-1]["summary"]) == (1, {"newly refused": 2})
    assert "our own text adapter failed" in rows[0]["difference"]["newly_refused"]


async def test_a_span_and_a_format_choose_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    async with running(MISSION) as small:
        await everything(small)
        middle = small.clock.now() + 1_800_000_000
        await small.clock.advance(middle + 1_800_000_000)
        await small.send("xar", patrol("LATER"))
        assert (await shown(small, capsys, shadowing.Span(middle, 2**60, "")))[1][-1]["summary"] == {"equal": 1}
        assert (await shown(small, capsys, shadowing.Span(0, middle, "cot")))[1][-1]["summary"] == {"equal": 12}
        text = await shown(small, capsys, shadowing.Span(0, 2**60, "text"))
    assert text[1][-1]["summary"] == {"equal": 5, "by id only": 1}  # the one that did not say so is text as well


async def test_an_input_without_an_answer_is_counted_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    async with running(MISSION, ("log", "release")) as small:
        async with small.client("xar") as client:
            _ = [o async for o in client.send([patrol()], wait=False)]
        code, rows = await shown(small, capsys)
    assert (code, rows[-1]["summary"]) == (0, {"not answered": 1})


async def test_only_an_operator_may_look(capsys: pytest.CaptureFixture[str]) -> None:
    async with running(MISSION) as small:
        await everything(small)
        async with small.client("xar") as client:
            with pytest.raises(Forbidden):
                await shadowing.adapter_diff(client, ALL, "live", json=True)
    assert capsys.readouterr().out == ""


async def test_memory_is_bounded_and_what_was_forgotten_is_compared_by_id(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "KEPT_BYTES", 1)
    async with running(MISSION) as small:
        await small.send("xar", *(patrol(f"P-{n}") for n in range(5)))
        code, rows = await shown(small, capsys)
    assert (code, rows[-1]["summary"]) == (0, {"equal": 5, "by id only": 4})


def test_a_change_of_very_many_fields_is_cut_and_counted() -> None:
    many = [msgspec.json.encode({"body": {"x": [n + add for n in range(90)]}}) for add in (0, 1)]
    item = Input("i-1", "from.xar.raw.text", b"", 1)
    answer = Answer(input="i-1", ids=("A:1",))
    after = judging.Accepted((("s", "m", many[1]),), answer, 1, positions_only=False)
    found = shadow.compare(item, answer, {"A:1": many[0]}, after).difference
    assert found is not None
    assert (len(found.fields), found.more_fields) == (50, 40)


@pytest.mark.parametrize(
    "arguments",
    [("--adapter-diff", "--kind", "directive"), ("--adapter-diff", "--as-seen-by", "xar"), ("--format", "cot"),
     ("--adapter-diff", "--format", "telex")],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_at_once(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("replay", *arguments).code == 2


def test_the_format_of_an_input_is_the_one_it_is_read_in() -> None:
    def of(subject: str, data: bytes = b"", name: str = "") -> str:
        return shadowing.format_of(Input("i", subject, data, 1, bearer_id=name))

    assert of("from.xar.msg.message") == "native"
    assert of("from.xar.raw.cap") == "cap"
    assert of("from.xar.raw.unknown", EVENT.format(1).encode(), "x.xml") == "cot"
    assert of("from.xar.raw.unknown", b"\0\1") == ""
