"""What an officer types about a card, what it says of officers' acts, and what he types in for somebody else."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from coordinator import config
from coordinator.cli import alerts, cards, common, deeds, directives, handling, out, saying
from coordinator.cli.handling import Officer
from coordinator.client import Client, Item
from coordinator.core.mission import Mission
from coordinator.errors import UsageError
from schemas.acknowledgements import Acknowledgement, Action
from schemas.alerts import Alert, Deed, Handover, Shelved, Told
from schemas.envelope import Reference
from tests.cli.cases import at, card, envelope
from tests.cli.conftest import INPUTS, Golden, Run
from tests.support.memory import Small, running
from tests.support.settling import drained

NOW = at(10)
SHELF = Shelved(until=at(40), by="joc", why="engineers are on their way", officer="watch officer")
TYPED = Deed(by="xar", officer="watch officer", why="all back", at=at(5), typed_by="joc", spoken_by="company commander")
OFFER = Handover(to="fhq", until=at(20), offer=Deed(by="joc", why="end of shift", at=at(6)))


def acted(**fields: Any) -> Alert:
    """A card with which much was done."""
    done = Told(participant="xar", since=at(0), acknowledged_at=at(2), acknowledged_rev=1, typed_by="joc")
    return card(**({"told": (done,), "owner": "joc", "work": "in-progress"} | fields))


# -- what it looks like ------------------------------------------------------------------------------------------------


def test_a_card_says_who_put_it_aside_offered_it_called_for_help_and_closed_it(golden: Golden) -> None:
    full = acted(shelved=SHELF, handover=OFFER, escalated=TYPED, closing=(TYPED,))
    golden("card-handled", cards.block(full, NOW) + "\n")
    assert "put aside until 140440ZMAR27, offered to fhq, a second person has to close it" in cards.line(full, NOW)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("accepted", "fhq has it"),
        ("declined", "fhq declined: no one free"),
        ("lapsed", "fhq did not answer"),
        ("withdrawn", "taken back"),
    ],
)
def test_what_became_of_an_offer_is_said(state: Any, says: str) -> None:
    answer = Deed(by="fhq", why="no one free") if state == "declined" else None
    offer = Handover(to="fhq", until=at(20), offer=OFFER.offer, state=state, answer=answer)
    ((_, said),) = deeds.rows(acted(handover=offer))
    assert said == f"by joc 14040600ZMAR27: end of shift; {says}"


def test_somebody_has_a_card_even_if_the_reader_may_not_know_who() -> None:
    assert cards.who(acted(owner="")) == "somebody has it"


def test_what_is_put_aside_or_covered_is_counted_and_not_listed() -> None:
    shown = [card(id="a"), acted(id="b", shelved=SHELF), card(id="c", inhibited_by="a"), card(id="d", flapping=at(3))]
    assert [c.id for c in shown if cards.is_shown(c)] == ["a", "d"]
    assert cards.summary(shown) == ("4 open cards, 3 not acknowledged, 1 put aside, 1 covered by others, 1 flapping")


def test_a_card_in_progress_waits_as_long_as_somebody_owes_an_acknowledgement() -> None:
    owes = Told(participant="xbl", since=at(0), due=at(15))
    assert [cards.waits(c) for c in (acted(), acted(told=(owes,)), card(), card(work="resolved"))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_what_was_typed_in_says_so_wherever_a_message_is_named() -> None:
    word = envelope(Acknowledgement(of=Reference(id="A-1"), step="wilco"), originator="xar", typed_by="joc",
                    spoken_by="company\x1b commander")  # fmt: skip
    assert saying.saying(word) == r"wilco A-1 [typed by joc for xar (company\x1b commander)]"
    assert saying.author(word) == r"xar (company\x1b commander), typed by joc"
    assert saying.saying(envelope(word_of("wilco"), originator="xar")) == "wilco A-1"


def word_of(step: Any) -> Acknowledgement:
    return Acknowledgement(of=Reference(id="A-1"), step=step)


def test_remarks_on_a_card_are_told_in_their_order() -> None:
    said = [
        envelope(Action(alert="c", verb=verb, seen_rev=1, note=note, officer="S3"), identity=f"x-{i}", originator="joc")
        for i, (verb, note) in enumerate((("note", "called"), ("acknowledge", ""), ("note", "no answer")))
    ]
    assert list(deeds.history(card(id="c"), said)) == [
        ("said", "14040000ZMAR27 joc (S3): called"),
        ("said", "14040000ZMAR27 joc (S3): no answer"),
    ]
    assert list(deeds.history(card(id="other"), said)) == []


# -- what cannot be meant ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("escalate", "4f2a", "--note", " "), "say why"),
        (("shelve", "4f2a", "--until", "-5m", "--note", "x"), "before it is put aside"),
        (("shelve", "4f2a", "--until", "soon", "--note", "x"), "is no time"),
        (("ack", "4f2a", "--seen-rev", "0"), "counts from 1"),
        (("ack", "4f2a", "--speaker", "S3"), "--on-behalf-of"),
        (("ack", "4f2a", "--on-behalf-of", "xar", "--speaker", "x" * 201), "at most 200"),
        (("list", "--all", "--shelved"), "exclude each other"),
        (("resolve", "4f2a"), "--note"),
        (("resolve", "4f2a", "--note", "all back"), "--officer"),
        (("handover", "4f2a"), "--to"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    ran = run("alerts", *arguments, "--as", "joc")
    assert (ran.code, says in ran.err) == (2, True), ran.err


# -- against services --------------------------------------------------------------------------------------------------

MISSION = """
name = "small"
[[participants]]
id = "fhq"
role = "hq"
[[participants]]
id = "joc"
role = "desk"
superior = "fhq"
operator = true
types_for = ["xar", "ocha"]
[[participants]]
id = "night"
role = "desk"
superior = "fhq"
[[participants]]
id = "xar"
superior = "fhq"
[[participants]]
id = "ocha"
role = "guest"
[[places]]
name = "BRIDGE"
lat = 2.0
lon = -27.0
[[activities]]
kind = "directive"
exclusive = true
classes = ["closure"]
[[activities]]
kind = "movement"
classes = ["use"]
[[matrix]]
name = "closure/use"
a = "closure"
b = "use"
severity = "HIGH"
[[release]]
kind = "directive"
to = "all"
[[release]]
kind = "movement"
to = "all"
"""
Do = Callable[..., Any]


@asynccontextmanager
async def clashing() -> AsyncIterator[Small]:
    """A bus with one card: an order of FHQ, and a movement that the desk typed in for OCHA."""
    mission: Mission = config.parse(MISSION)
    names = ("log", "release", "intake", "deconfliction", "alerting")
    async with running(mission, names) as small:
        order, movement = (INPUTS / "orders.ndjson").read_bytes().splitlines()
        await small.send("fhq", Item(data=order, format="native", name="order"))
        async with small.client("joc") as joc:
            item = Item(data=movement, format="native", name="movement")
            assert [o.accepted async for o in joc.send([item], on_behalf_of="ocha", speaker="начальник колонны")]
        await drained(small.runners)
        yield small


async def did(
    small: Small, who: str, verb: str, monkeypatch: pytest.MonkeyPatch, me: Officer = handling.ME, **fields: Any
) -> tuple[int, list[str]]:
    """Do something with the one card as the command line does it; return its exit code and what it printed."""
    said: list[str] = []
    monkeypatch.setattr(out, "line", said.append)
    monkeypatch.setattr(out, "note", said.append)
    monkeypatch.setattr(common, "now", small.clock.now)
    async with small.client(who) as client:
        [found] = [c for c in await alerts.known(client) if c.alert_kind == "conflict"]
        code = await handling._act(client, found.id[:8], me, verb, fields, me.heard(), json=False)
    await drained(small.runners)
    return code, said


async def shown(small: Small, who: str) -> Alert:
    async with small.client(who) as client:
        [found] = [c for c in await alerts.known(client) if c.alert_kind == "conflict"]
    return found


async def test_at_once_an_officer_reads_what_became_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with clashing() as small:
        code, said = await did(small, "joc", "take", monkeypatch, Officer(officer="watch officer"))
        assert (code, "IN-PROGRESS" in said[-1], "joc has it" in said[-1]) == (0, True, True)
        code, said = await did(small, "night", "take", monkeypatch)
        assert (code, "already taken by JOC" in said[-1]) == (1, True)
        code, said = await did(small, "joc", "resolve", monkeypatch, note="done")
        assert (code, "its findings stand" in said[-1]) == (1, True)
        end = small.clock.now() + 60_000_000
        code, said = await did(small, "joc", "shelve", monkeypatch, note="engineers look", until=end)
        assert (code, "put aside until" in said[-1]) == (0, True)
        assert (await shown(small, "night")).shelved == Shelved(until=end, by="joc", why="engineers look")
        assert (await shown(small, "ocha")).shelved == Shelved(until=end, by="fhq", why="engineers look")
        code, said = await did(small, "joc", "handover", monkeypatch, to="night")
        assert (code, "offered to night" in said[-1]) == (0, True)
        code, said = await did(small, "night", "acknowledge", monkeypatch)
        assert (code, "night has it" in said[-1]) == (0, True)


async def test_a_voice_message_counts_for_who_said_it_and_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    async with clashing() as small:
        voice = Officer(officer="watch officer", on_behalf_of="xar", speaker="S3")
        code, _ = await did(small, "joc", "acknowledge", monkeypatch, voice)
        told = {t.participant: t for t in (await shown(small, "xar")).told}
        assert (code, told["xar"].acknowledged_at is not None, told["xar"].typed_by) == (0, True, "fhq")
        assert {t.participant: t.typed_by for t in (await shown(small, "joc")).told}["xar"] == "joc"
        async with small.client("fhq") as fhq:
            [moved] = await fhq.board("movement")
            assert (moved.originator, moved.typed_by, moved.spoken_by) == ("ocha", "joc", "начальник колонны")
            said = [e for e in await fhq.board("action") if e.originator == "xar"]
            assert [saying.author(e) for e in said] == ["xar (S3), typed by joc"]


async def test_who_may_not_type_for_somebody_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with clashing() as small:
        code, said = await did(small, "night", "acknowledge", monkeypatch, Officer(on_behalf_of="xar", speaker="S3"))
        assert (code, 'says "xar", but it came from "night"' in said[-1]) == (1, True)
        assert all(t.acknowledged_at is None for t in (await shown(small, "joc")).told)


async def test_an_order_is_acknowledged_by_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    async with clashing() as small, small.client("joc") as joc:
        said: list[str] = []
        monkeypatch.setattr(out, "line", said.append)
        heard = common.Voice(on_behalf_of="xar", speaker="company commander").heard()
        assert await directives._ack(joc, "A-1", "received", {"note": ""}, ("", "", ""), heard, json=False) == 0
        await drained(small.runners)
        await directives._show(joc, "A-1", json=False)
        assert "xar (company commander), typed by joc: received" in " ".join(said[-1].split())


async def test_only_a_function_travels_and_no_longer_than_one(tmp_path: Path) -> None:
    async with clashing() as small, small.client("joc") as joc:
        assert isinstance(joc, Client)
        with pytest.raises(UsageError, match="whose word"):
            common.Voice(speaker="S3").heard()
        item = Item(data=b'{"kind": "message", "body": {"text": "hold"}, "id": "M-1"}', format="native", name="m")
        [outcome] = [o async for o in joc.send([item], on_behalf_of="xar", speaker="\r\n" + "x" * 500)]
        assert outcome.accepted
        await drained(small.runners)
        [message] = await joc.board("message")
        assert len(message.spoken_by) == 200
