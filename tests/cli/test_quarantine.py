"""What was refused is explained and mended: where, why, which mends are known, and what intake would say to each."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from coordinator.cli import explaining, quarantine
from coordinator.client import Client, Item
from coordinator.core.mission import Mission, Participant, Place
from coordinator.errors import Forbidden, UsageError
from coordinator.services import intake, mending, mends
from coordinator.services.judge import Accepted, Input, judge
from coordinator.services.log import walk
from coordinator.topology import COORD, LOG, RAW
from schemas import registry, subjects
from schemas.acknowledgements import Refusal
from tests.cli.conftest import Run
from tests.formats.workbooks import sheet, workbook
from tests.support.memory import NOW, Small, running

MISSION = Mission(
    name="test",
    participants=(
        Participant(id="fhq", role="hq"),
        Participant(id="joc", role="desk", superior="fhq", operator=True, types_for=("*",)),
        Participant(id="xar", superior="fhq", aliases=("XAR-BATT",)),
        Participant(id="xbl", superior="fhq"),
    ),
    places=(Place(name="BRIDGE", lat=2.0, lon=-127.0),),
)
PATROL = "PATROL PLAN\nReference: XAR-PTL-7\nUnit: A Coy\nPlace: BRIDGE\nFrom: {}\nTo: {}\nMeans: foot\n"
EVENT = (
    '<event version="2.0" uid="T-1" type="a-f-G" time="2027-03-14T07:00:00Z" start="2027-03-14T07:00:00Z" '
    'stale="2027-03-14T07:05:00Z" how="m-g"><point lat="2.0" lon="-127.0" hae="0" ce="1" le="1"/></event>'
)
ALERT = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A-1</identifier><sender>met@x.example</sender>'
    "<sent>2027-03-14T06:40:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
    "<info><category>Met</category><event>Flood</event><urgency>Expected</urgency><severity>Severe</severity>"
    "<certainty>Likely</certainty><area><areaDesc>Ford</areaDesc>"
    "<polygon>2.0,-127.0 2.1,-127.0 2.1,-127.1 2.0,-127.0</polygon></area></info></alert>"
)
NOTE = '{{"id": "A-1", "originator": "{}", "kind": "{}", "body": {{"text": "hello"}}}}'


def patrol(start: str, end: str = "141100ZMAR27") -> str:
    return PATROL.format(start, end)


def refused(
    data: str | bytes, format_: str = "text", name: str = "note.txt", behalf: str = "", mission: Mission = MISSION
) -> tuple[Input, Refusal]:
    """Return an input and its refusal."""
    raw = data.encode() if isinstance(data, str) else data
    item = Input("i-1", subjects.raw("xar", format_), raw, 3, bearer_id=name, on_behalf_of=behalf)
    verdict = judge(item, mission, "live", NOW)
    assert isinstance(verdict, Refusal), verdict
    return item, verdict


def proposed(item: Input, refusal: Refusal, mission: Mission = MISSION) -> dict[str, mending.Proposal]:
    """Return what is proposed, by name."""
    asking = mending.Asking("joc", mission, "live", NOW)
    return {p.name: p for p in mending.proposals(item, refusal, NOW, asking)}


MENDED = {  # what is refused, the mend that helps, and what is in its bytes then
    "a time without its zone": (patrol("141000MAR27", "141100MAR27"), "text", "zone Z", b"141000ZMAR27"),
    "a time of day alone": (patrol("1000"), "text", "day of receipt, zone Z", b"141000ZMAR27"),
    "local time of nobody": (patrol("141000JMAR27"), "text", "zone Z", b"From: 141000ZMAR27"),
    "a month that is ambiguous": (patrol("311000Z", "311100ZMAR27"), "text", "month of receipt", b"From: 311000ZMAR27"),
    "day 31 of June": (patrol("301000ZJUN27", "311000ZJUN27"), "text", "last day of the month", b"To: 301000ZJUN27"),
    "behind 2400": (patrol("132430ZMAR27"), "text", "the day after", b"140030ZMAR27"),
    "an end over midnight": (patrol("142300ZMAR27", "140100ZMAR27"), "text", "one day later", b"150100ZMAR27"),
    "CAP without offset": (ALERT.replace("-00:00", ""), "cap", "zone Z", b"06:40:00-00:00"),
    "CAP with a date-time group": (ALERT.replace("2027-03-14T06:40:00-00:00", "140640ZMAR27"), "cap", "ISO 8601",
                                   b"2027-03-14T06:40:00-00:00"),
    "CoT without Z": (EVENT.replace('00Z" start', '00" start'), "cot", "zone Z", b'time="2027-03-14T07:00:00Z"'),
    "CoT in another order": (EVENT.replace('time="2027-03-14T07:00:00Z"', 'time="14.03.2027 7:00 UTC"'), "cot",
                             "ISO 8601", b'time="2027-03-14T07:00:00Z"'),
    "a decimal comma": (EVENT.replace('"2.0" lon', '"2,0" lon'), "cot", "decimal points", b'lat="2.0"'),
    "CoT with lon for lat": (EVENT.replace('lat="2.0" lon="-127.0"', 'lat="-127.0" lon="2.0"'), "cot", "swapped",
                             b'lat="2.0" lon="-127.0"'),
    "CAP with longitude first": (ALERT.replace("2.0,-127.0", "-127.0,2.0").replace("2.1,-127.0", "-127.0,2.1")
                                 .replace("2.1,-127.1", "-127.1,2.1"), "cap", "swapped", b"2.1,-127.1"),
    "declared as something else": (EVENT, "text", "format cot", b"<event"),
    "no UTF-8": (EVENT.replace("T-1", "T-É").encode("cp1252"), "cot", "utf-8", "T-É".encode()),
    "UTF-16 without a mark": (NOTE.format("xar", "message").encode("utf-16-le"), "native", "utf-8", b'"A-1"'),
    "an encoding that nobody uses": (f'<?xml version="1.0" encoding="EBCDIC"?>{EVENT}', "cot", "utf-8", b'"UTF-8"'),
    "a participant misspelled": (NOTE.format("xarr", "message"), "native", "author xar", b'"xar"'),
    "a kind misspelled": (NOTE.format("xar", "mesage"), "native", "nearest word 1", b'"message"'),
    "a value misspelled": (ALERT.replace(">Actual<", ">Actul<"), "cap", "nearest word 1", b">Actual<"),
    "a table without zones": ("id;place;date;time out;time in\nP-1;KESSA;15/03/2027;0700;1130\n", "sheet", "zone Z",
                              b"time out (Z);time in (Z)"),
}  # fmt: skip


@pytest.mark.parametrize("case", MENDED.values(), ids=MENDED)
def test_a_known_cause_has_a_mend_that_intake_would_accept(case: tuple[str | bytes, str, str, bytes]) -> None:
    data, format_, name, wanted = case
    found = proposed(*refused(data, format_, name="input"))
    assert name in found, found
    assert wanted in found[name].sending.data
    assert isinstance(found[name].verdict, Accepted), found[name].verdict


def test_a_zone_is_a_choice_and_the_missions_comes_first() -> None:
    mission = Mission(**{f: getattr(MISSION, f) for f in ("name", "participants", "places")}, zone="B")
    found = proposed(*refused(EVENT.replace('00Z" start', '00" start'), "cot", mission=mission), mission)
    assert list(found) == ["zone B", "zone Z"]
    assert all(p.choice for p in found.values())
    assert b'time="2027-03-14T07:00:00+02:00"' in found["zone B"].sending.data


def test_who_it_is_typed_for_can_be_mended_without_touching_the_bytes() -> None:
    item, refusal = refused(patrol("141000ZMAR27"), behalf="xbll")
    proposal = proposed(item, refusal)["author xbl"]
    assert (proposal.sending.data, proposal.sending.author) == (item.data, "xbl")


def test_a_mend_is_never_applied_beside_the_place_that_is_quoted() -> None:
    # The value stands in two cells: nothing on the line is just what the refusal quotes.
    found = proposed(*refused("id;place;date;from;to\nP-1;KESSA;15/13/2027;0700;1130\n", "sheet"))
    assert all(b"P-1;KESSA" in p.sending.data for p in found.values())


@pytest.mark.parametrize(
    ("data", "format_", "said"),
    [
        (f"<!DOCTYPE event [<!ENTITY a 'b'>]>{EVENT}", "cot", "never taken out"),
        (EVENT[:-30], "cot", "sender to send it whole"),
        (EVENT.replace('how="m-g"', 'how="m-s" opex="e"'), "cot", "never meet"),
        (NOTE.format("xbl", "message"), "native", "types_for"),
    ],
)
def test_what_may_not_be_mended_is_only_explained(data: str, format_: str, said: str) -> None:
    item, refusal = refused(data, format_)
    assert said in mends.remark(refusal)
    assert not [p for p in proposed(item, refusal).values() if isinstance(p.verdict, Accepted) and format_ != "native"]


def test_a_mend_is_carried_to_every_place_that_asks_for_it() -> None:
    # Every second event lacks its Z; the others have the same digits, and stay as they are.
    slip = EVENT.replace('00Z" start', '00" start')
    events = "".join((slip if n % 2 else EVENT).replace("T-1", f"T-{n}") for n in range(40))
    proposal = proposed(*refused(events, "cot"))["zone Z"]
    assert isinstance(proposal.verdict, Accepted)
    assert len(proposal.changes) == 20
    assert proposal.sending.data.decode() == "".join(EVENT.replace("T-1", f"T-{n}") for n in range(40))


def test_a_hostile_input_costs_a_bounded_number_of_judgements(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []
    real = mending.judge

    def counted(item: Input, mission: Mission, realm: mending.Realm, now: int) -> Accepted | Refusal:
        judged.append(len(item.data))
        return real(item, mission, realm, now)

    monkeypatch.setattr(mending, "judge", counted)
    monkeypatch.setattr(mending, "_BUDGET", 300_000)
    slip = EVENT.replace('00Z" start', '00" start')
    found = proposed(*refused("".join(slip.replace("T-1", f"T-{n}") for n in range(300)), "cot"))
    assert isinstance(found["zone Z"].verdict, Refusal)  # it says what would be refused next
    assert sum(judged) < 500_000


def shown(item: Input, refusal: Refusal) -> str:
    return "\n".join(explaining.around(item.data, refusal.path, refusal.why))


def test_the_place_is_shown_with_a_caret_and_controls_can_be_seen() -> None:
    text = shown(*refused(patrol("10\x1b[31m\t00")))
    assert text.startswith("line 5, column ")
    assert "\x1b" not in text
    line, caret = next((a, b) for a, b in zip(text.splitlines(), text.splitlines()[1:], strict=False) if "^" in b)
    assert line == "| From: 10\\x1b[31m\\t00"
    assert caret.rstrip("^").strip("| ") == ""


def test_a_place_far_to_the_right_is_cut_out_of_its_line() -> None:
    text = shown(*refused(EVENT.replace('lat="2.0"', 'lat="two"'), "cot"))
    line, caret = next((a, b) for a, b in zip(text.splitlines(), text.splitlines()[1:], strict=False) if "^" in b)
    assert line[caret.index("^") : caret.rindex("^") + 1] == "two"
    assert len(line) <= 112


def test_bytes_are_shown_as_numbers() -> None:
    text = shown(*refused(b"\xbf\xff\x7f" + bytes(range(40)), "cot", "burst.bin"))
    assert "| 000000  bf ff 7f 00 01" in text
    assert "^^" in text


def test_an_archive_is_not_shown_as_text() -> None:
    data = workbook({"A": sheet([["id", "section", "state"]])})
    item, refusal = refused(data, "sheet", "roads.xlsx")
    assert shown(item, refusal).startswith("it is an archive")
    assert not any(p.name == "utf-8" for p in proposed(item, refusal).values())


# -- on a bus ---------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def one_refused(data: str = patrol("1000"), sender: str = "xar") -> AsyncIterator[tuple[Small, Client, str]]:
    """Run a bus on which one input was refused; with the operator's client and the input's id."""
    async with running(MISSION) as small:
        [outcome] = await small.send(sender, Item(data=data.encode(), format="text", name="patrol.txt"))
        assert outcome.accepted is False
        async with small.client("joc") as client:
            yield small, client, outcome.input


async def kept(small: Small, stream: str) -> list[tuple[str, bytes]]:
    async with small.broker.connect(COORD) as bus:
        return [(d.subject, d.data) async for d in walk(bus, stream, subjects.EVERYTHING)]


async def test_show_proposes_and_retry_sends_the_mended_input_for_its_author(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with one_refused() as (small, client, identity):
        before = await kept(small, RAW)
        assert await quarantine._show(client, identity[:8], "live", json=False) == 0
        text = capsys.readouterr().out
        assert "  | From: 1000\n  |       ^^^^\n" in text
        assert "1  day of receipt, zone Z; only the sender knows whether that is meant" in text
        assert 'line 5: "1000" becomes "141000ZMAR27"' in text
        assert "would be accepted XAR-PTL-7:1" in text
        assert f"coordinator quarantine retry {identity[:14]} --mend 1" in text
        assert await kept(small, RAW) == before  # it was only looked at

        dry = quarantine.How(mend=1, dry_run=True)
        assert await quarantine._retry(client, (identity,), dry, "live", json=False) == 0
        assert "nothing was sent" in capsys.readouterr().out
        assert await kept(small, RAW) == before

        assert await quarantine._retry(client, (identity,), quarantine.How(mend=1), "live", json=False) == 0
        assert capsys.readouterr().out.startswith("accepted  mends-" + identity)
        assert (await kept(small, RAW))[: len(before)] == before  # what was refused stays for ever
        [record] = [registry.envelope(d) for s, d in await kept(small, LOG) if s == "record.movement.xar"]
        assert (record.originator, record.typed_by, record.id) == ("xar", "joc", "XAR-PTL-7")
        assert record.source is not None
        assert record.source.bearer_id == f"mends-{identity}-patrol.txt"


async def test_the_list_says_what_was_mended_since(capsys: pytest.CaptureFixture[str]) -> None:
    async with one_refused() as (_, client, identity):
        await quarantine._list(client, json=False)
        assert "mended" not in capsys.readouterr().out
        assert await quarantine._retry(client, (identity,), quarantine.How(mend=1), "live", json=False) == 0
        capsys.readouterr()
        await quarantine._list(client, json=True)
        [row] = map(json.loads, capsys.readouterr().out.splitlines())
        await quarantine._list(client, json=False)
        assert f"mended by {row['mended'][:14]}; line 5: From" in capsys.readouterr().out
        assert row["mended"] != identity


def test_a_mend_that_was_refused_mends_nothing_unless_it_was_mended_itself() -> None:
    refused = {"i-a", "i-a-b", "i-c"}
    first, second = ("i-c", "mends-i-a-x.txt"), ("i-d", "mends-i-c-mends-i-a-x.txt")
    assert mending.mended([first], refused) == {}
    assert mending.mended([first, second], refused) == {"i-a": "i-d", "i-c": "i-d"}
    assert mending.mended([("i-e", "mends-i-a-b-y.txt")], refused) == {"i-a-b": "i-e"}
    assert mending.mended([("i-c", "mends-i-c-y"), ("i-f", "mends-unknown-y"), ("i-g", "i-a")], refused) == {}


async def test_show_as_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    async with one_refused() as (_, client, identity):
        await quarantine._show(client, identity, "live", json=True)
        row = json.loads(capsys.readouterr().out)
    assert row["where"] == {"line": 5, "column": 7, "length": 4}
    assert row["refusal"]["path"] == "line 5: From"
    [proposal] = row["proposals"]
    assert proposal["mend"] == 1
    assert proposal["choice"] is True
    assert proposal["result"]["ids"] == ["XAR-PTL-7:1"]


async def test_an_edited_file_goes_in_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mended.txt").write_text(patrol("141000ZMAR27"))
    async with one_refused() as (_, client, identity):
        how = quarantine.How(file=tmp_path / "mended.txt")
        assert await quarantine._retry(client, (identity,), how, "live", json=True) == 0
    assert json.loads(capsys.readouterr().out)["ids"] == ["XAR-PTL-7:1"]


async def test_another_format_is_tried_and_a_refusal_says_so_again(capsys: pytest.CaptureFixture[str]) -> None:
    async with one_refused() as (_, client, identity):
        how = quarantine.How(format="cot", dry_run=True)
        assert await quarantine._retry(client, (identity,), how, "live", json=False) == 1
    assert "would be REFUSED" in capsys.readouterr().out


async def test_only_who_may_type_for_the_sender_can_mend(capsys: pytest.CaptureFixture[str]) -> None:
    deaf = Mission(
        name="test",
        participants=(Participant(id="joc", operator=True), Participant(id="xar"), Participant(id="xbl")),
    )
    async with running(deaf) as small:
        item = Item(data=patrol("1000").encode(), format="text", name="patrol.txt")
        [outcome] = await small.send("xar", item)
        async with small.client("joc") as client:
            assert await quarantine._retry(client, (outcome.input,), quarantine.How(mend=1), "live", json=False) == 1
            assert 'let "joc" type for "xar"' in capsys.readouterr().out
        async with small.client("xar") as client:  # its own refusal, without the mission there are no proposals
            await quarantine._show(client, outcome.input, "live", json=False)
            assert "| From: 1000" in capsys.readouterr().out
            with pytest.raises(Forbidden):
                await quarantine._retry(client, (outcome.input,), quarantine.How(mend=1), "live", json=False)


async def test_a_large_input_comes_whole_and_nobody_elses_comes_at_all() -> None:
    from coordinator.cli import inputs
    from coordinator.errors import NotFound

    data = b"x" * 999_999
    async with running(MISSION) as small:
        await small.send("xar", Item(data=data, format="native", name="large"))
        async with small.client("joc") as client:
            found = await inputs.one(client, 1)
            assert found.data == data
            assert intake.opened(found).bearer_id == "large"
        async with small.client("xbl") as client:
            with pytest.raises(NotFound):
                await inputs.one(client, 1)


async def test_a_proposal_that_is_not_there_is_said_so() -> None:
    async with one_refused() as (_, client, identity):
        with pytest.raises(UsageError, match="there are: 1 to 1"):
            await quarantine._retry(client, (identity,), quarantine.How(mend=9), "live", json=False)


@pytest.mark.parametrize(
    "arguments",
    [("i-1", "i-2", "--mend", "1"), ("i-1", "--mend", "1", "--format", "cot"), ("i-1", "--file", "no-such-file"),
     ("i-1", "--format", "telex"), ("i-1", "--mend", "-1")],
)  # fmt: skip
def test_ways_that_cannot_be_meant_are_refused_before_anything_is_asked(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("quarantine", "retry", *arguments).code == 2
