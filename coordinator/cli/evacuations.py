"""How evacuations look: the clock, the marks, who decides on the launch, how far each is, what is next. Pure."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from coordinator.cli.text import clean, dtg, fields, relative
from coordinator.core.deconfliction.words import coordinates
from coordinator.core.orders.evacuations import Case
from coordinator.core.orders.injuries import Mark
from coordinator.core.orders.requests import Word
from coordinator.texts import say

BASIS: Final = {
    "injury": "time of injury",
    "about": "time of injury, not exact",
    "request": "time of injury not known, counted from the request",
}
DUE: Final = {
    "first-aid": "a report of first aid",
    "resuscitation": "the mark for resuscitation",
    "surgery": "the mark for surgery",
}


def row(case: Case) -> dict[str, Any]:
    """Return a case with what follows from it, for programs."""
    return {**msgspec.to_builtins(case), "verdict": case.verdict, "minutes": case.minutes}


def line(case: Case, now: int) -> str:
    """Return a case on one line."""
    parts = [
        case.mission_kind.upper(),
        clean(case.request),
        f"{state(case)} {dtg(case.since)}",
        _clock(case, now),
        f"{clean(case.owner)} has it" if case.owner else "",
        "; ".join(coming(case, now)),
    ]
    return f"{dtg(case.start_at)}  " + " | ".join(part for part in parts if part)


def state(case: Case) -> str:
    """Return how far a case is, in the words of every request."""
    return say(f"request-{case.state}")


def _clock(case: Case, now: int) -> str:
    if case.mission_kind != "casevac":
        return ""
    if case.minutes is not None:
        verdict = {"met": "10-1-2 met", "missed": "10-1-2 NOT MET"}.get(case.verdict, "no report of first aid")
        return f"{case.minutes} min, {verdict}"
    return f"{max(0, now - case.start_at) // 60_000_000} min" if case.open else ""


def block(case: Case, now: int) -> str:
    """Return a case in full."""
    return f"{case.mission_kind.upper()} {clean(case.request)}\n" + fields(_fields(case, now))


def _fields(case: Case, now: int) -> Iterator[tuple[str, str]]:
    yield "state", f"{state(case)}, since {dtg(case.since)}"
    yield "asked by", f"{clean(case.originator)} {dtg(case.asked_at)}"
    yield "pick-up", clean(case.place) or (coordinates(case.at) if case.at else "not stated")
    if case.marks:
        yield (
            "clock",
            f"from {dtg(case.start_at)}, {BASIS[case.basis]}" + (f"; {c}" if (c := _clock(case, now)) else ""),
        )
    for mark in case.marks:
        yield mark.care, _mark(mark, now)
    yield (
        "decides",
        clean(case.who_decides)
        + (
            f", decided {dtg(case.decided_at)}"
            if case.decided_at
            else f", due {dtg(case.decide_by)}"
            if case.open
            else ""
        ),
    )
    yield "acting", clean(", ".join(case.acting))
    yield "owner", clean(case.owner)
    yield "declined", clean(", ".join(case.declined))
    for word in case.words:
        yield "said", _said(word)
    for what in coming(case, now) or (["nothing is due"] if case.open else []):
        yield "next", what


def _mark(mark: Mark, now: int) -> str:
    told = f", told {dtg(mark.told_at)}" + (f" by {clean(mark.by)}" if mark.by else "") if mark.told_at else ""
    left = f" ({relative(mark.at, now)})" if mark.state == "open" else ""
    text = say("casevac-mark", care=mark.care, mark_at=dtg(mark.at), reached=mark.state)
    return f"{text}{left}{told}"


def _said(word: Word) -> str:
    return f"{dtg(word.at)} {clean(word.by)}: {say(f'request-{word.state}')}, {clean(word.message)}"


def coming(case: Case, now: int) -> list[str]:
    """Return what is due next in a case, or is late; the earliest first."""
    due: list[tuple[int, str]] = [(m.at, DUE[m.care]) for m in case.marks if m.state == "open"]
    if case.decided_at is None and case.decide_by is not None:
        due.append((case.decide_by, f"decision on the launch by {clean(case.who_decides)}"))
    if case.moving_at is None and case.launch_by is not None:
        due.append((case.launch_by, f"something in motion (launch {dtg(case.launch_at)})"))
    return [f"{_late(at, now)}{what} {dtg(at)} ({relative(at, now)})" for at, what in sorted(due)] if case.open else []


def _late(at: int, now: int) -> str:
    return "LATE: " if at <= now else ""
