"""The info blocks of an alert as one hazard or incident: a block is a translation or a part of it.

All blocks count: their areas and times together, the worst severity, every text in its language. What a block says
besides stays unmapped at its place. Where it is decided what an alert is, see `kind`.
Source: OASIS CAP 1.2 §3.2.2, §3.2.3; reference formats.md §6.1.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, Literal, cast

from adapters import times, words
from adapters.branches import Branch
from adapters.cap import areas, contacts, parameters, tables
from adapters.cap.identity import iso
from schemas.base import Message
from schemas.envelope import LangText, Warning
from schemas.notices import HazardNotice
from schemas.reports import Appraisal, IncidentReport
from schemas.time import TimeValue, TimeWindow

_ROLES: Final[dict[str, Literal["title", "body", "instruction"]]] = {
    "headline": "title", "description": "body", "instruction": "instruction",
}  # fmt: skip
_LANGUAGE: Final = "en-US"  # where none is stated
_APPRAISED: Final = {"urgency": tables.URGENCY, "severity": tables.SEVERITY, "certainty": tables.CERTAINTY}
_RANK: Final = (*tables.SEVERITY, "")
_UNSAID: Final = Appraisal()
_EVENT: Final = 200  # characters of an event that are looked at


def read(blocks: Sequence[Branch], sent: TimeValue, warnings: list[Warning], zone: str) -> dict[str, Any]:
    """Return the fields of a message: its body, texts, language, summary, and the name of its sender."""
    given = [parameters.listed(block) for block in blocks]
    what = kind(blocks, given[0])
    event = _event(blocks, warnings)
    place = areas.read(blocks, warnings)
    lifted = _all_clear(blocks)
    appraisal = _appraisal(blocks, warnings)
    body: Message
    if what == "hazard" and place.named is not None:
        windows = _windows(blocks, given, sent, zone, warnings)
        body = _hazard(blocks[0], given[0], event, place, appraisal, windows, lifted)
    else:
        occurred = _time(blocks[0], "onset", zone, warnings)
        body = _incident(blocks[0], given[0], event, place, appraisal, occurred, lifted)
    return {"message": body, **texts(blocks, event)}


def kind(blocks: Sequence[Branch], given: parameters.Listed) -> Literal["hazard", "incident"]:
    """Return whether an alert is a hazard or an incident; a hazard needs a place.

    What is past is an incident, unless it gives the all-clear. An event of `tables.HAZARD_WORDS` is a hazard, and so is
    an alert that tells people to keep away from an area; else the first category decides. ``given`` are the parameters
    of the first block.
    """
    first = blocks[0]
    if given and (said := parameters.value_of(given, tables.KIND_PARAMETER)) in parameters.KINDS:
        return cast(Literal["hazard", "incident"], said)
    if "area" not in first.names and not any("area" in b.names for b in blocks):
        return "incident"
    responses = first.said("responseType")
    if first.peek("urgency") == "Past" and tables.ALL_CLEAR not in responses:
        return "incident"
    if _hazard_word(first.peek("event")[:_EVENT]):
        return "hazard"
    if not tables.KEEP_AWAY.isdisjoint(responses) and any(_shaped(a) for b in blocks for a in b.each("area")):
        return "hazard"
    return tables.KIND.get(first.peek("category"), "incident")


def _shaped(area: Branch) -> bool:
    return "polygon" in area.names or "circle" in area.names


def texts(blocks: Sequence[Branch], event: str = "") -> dict[str, Any]:
    """Take the texts of every block, each in its language, and the name of the sender."""
    found: list[LangText] = []
    for block in blocks:
        language = block.text("language") or _LANGUAGE
        for name, role in _ROLES.items():
            if text := block.text(name):
                found.append(LangText(text=text, lang=language, role=role))
    if not blocks:
        return {}
    title = next((t.text for t in found if t.role == "title"), event)
    sender = "".join(_same(blocks, "senderName"))
    language = found[0].lang if found else _LANGUAGE
    return {"texts": tuple(found), "lang": language, "summary": title, "sender_name": sender}


def instant(raw: str, path: str, zone: str, warnings: list[Warning]) -> TimeValue:
    """Read a time; in another form than CAP's it is read with a warning, or names no instant."""
    value = iso(raw, zone)
    if value.utc is None:
        warnings.append(Warning(code="time-unread", path=path, text=f'"{raw[:40]}" names no instant'))
        return value
    if raw[-6:-5] in ("+", "-") and "." not in raw and value.quality == "exact":
        return value
    for odd, code, text in (
        (raw[-1:] in "Zz", "utc-as-z", "Z is not allowed there: UTC is -00:00"),
        ("." in raw, "fraction", "a fraction of a second is not allowed there"),
        (raw[19:] == ",00:00", "comma-as-sign", "a comma for the sign of the offset was read as minus"),
    ):
        if odd:
            warnings.append(Warning(code=code, path=path, text=f'"{raw[:40]}": {text}'))
    warnings += times.warnings(value, path)
    return value


# -- parts of a block -------------------------------------------------------------------------------------------------


def _hazard(
    first: Branch, given: parameters.Listed, event: str, place: areas.Place, appraisal: Appraisal,
    windows: tuple[TimeWindow, ...], lifted: bool,
) -> HazardNotice:  # fmt: skip
    said = parameters.fields(first, given, HazardNotice, tables.HAZARD_PARAMETERS)
    hazard_kind = said.pop("hazard_kind", "") or _hazard_word(event[:_EVENT]) or _by_category(first.peek("category"))
    remarks = said.pop("remarks", "" if event == tables.HAZARD_EVENT[hazard_kind] else event)
    fields: dict[str, Any] = {"state": "lifted" if lifted else "planned"} | said
    contact = contacts.read(first.text("contact"))
    return HazardNotice(
        hazard_kind=cast(Any, hazard_kind), area=cast(Any, place.named), windows=windows, altitude=place.altitude,
        remarks=remarks, contact=contact, appraisal=appraisal if appraisal != _UNSAID else None, **fields,
    )  # fmt: skip


def _incident(
    first: Branch, given: parameters.Listed, event: str, place: areas.Place, appraisal: Appraisal,
    occurred: TimeValue | None, lifted: bool,
) -> IncidentReport:  # fmt: skip
    said = parameters.fields(first, given, IncidentReport, tables.INCIDENT_PARAMETERS)
    category = said.pop("category", "") or first.peek("category").lower() or "other"
    if category == (first.peek("category").lower() or "other"):
        first.text("category")
    name = said.pop("place_name", "" if place.area is not None and place.point is None else place.name)
    subcategory = said.pop("subcategory", "" if event.lower() == category.lower() else event)
    fields: dict[str, Any] = {"danger": "lifted" if lifted else ""} | said
    return IncidentReport(
        category=category, subcategory=subcategory, occurred=occurred, position=place.point,
        area=None if place.point else place.area, place_name=name,
        appraisal=appraisal if appraisal != _UNSAID else None, **fields,
    )  # fmt: skip


def _event(blocks: Sequence[Branch], warnings: list[Warning]) -> str:
    events = _same(blocks, "event")
    if not events:
        path = f"{blocks[0].path}/event"
        warnings.append(Warning(code="empty", path=path, text="the alert does not say what happens"))
    if not blocks[0].peek("category"):
        path = f"{blocks[0].path}/category"
        warnings.append(Warning(code="empty", path=path, text="the alert has no category"))
    return "".join(events)


def _same(blocks: Sequence[Branch], name: str) -> list[str]:
    """Take a text of the first block, and of each other block where it is the same."""
    value = blocks[0].text(name)
    for block in blocks[1:] if len(blocks) > 1 else ():
        if block.peek(name) == value:
            block.text(name)
    return [value] if value else []


def _all_clear(blocks: Sequence[Branch]) -> bool:
    """Take the response that says that the danger is over."""
    lifted = False
    for block in blocks:
        if "responseType" in block.names and tables.ALL_CLEAR in block.said("responseType"):
            lifted = True
            for response in block.each("responseType"):
                if response.leaves.get(response.path, "").strip() == tables.ALL_CLEAR:
                    response.own()
    return lifted


def _appraisal(blocks: Sequence[Branch], warnings: list[Warning]) -> Appraisal:
    """Take the scales of the worst block; those of a block that says otherwise stay there."""
    said = [
        {
            name: v if (v := b.peek(name)) in known else _unread(b, name, v, warnings)
            for name, known in _APPRAISED.items()
        }
        for b in blocks
    ]
    worst = min(said, key=lambda s: _RANK.index(s["severity"])) if len(said) > 1 else said[0]
    for block, scales in zip(blocks, said, strict=True):
        if scales == worst:
            for name, value in scales.items():
                if value or not block.peek(name):  # one that is no word of the scale stays
                    block.text(name)
    return Appraisal(**cast(Any, worst))


def _unread(block: Branch, name: str, said: str, warnings: list[Warning]) -> str:
    path = f"{block.path}/{name}"
    text = f'"{said[:40]}" is none of its values' if said else "it must be there, and says nothing"
    warnings.append(Warning(code="unknown-word" if said else "empty", path=path, text=text))
    return ""


def _windows(
    blocks: Sequence[Branch], given: Sequence[parameters.Listed], sent: TimeValue, zone: str, warnings: list[Warning]
) -> tuple[TimeWindow, ...]:  # fmt: skip
    found: dict[tuple[int | None, int | None], TimeWindow] = {}
    for window in [_window(b, said, sent, zone, warnings) for b, said in zip(blocks, given, strict=True)]:
        found.setdefault((window.start_earliest, window.end_latest), window)
    return tuple(found.values())


def _window(
    block: Branch, given: parameters.Listed, sent: TimeValue, zone: str, warnings: list[Warning]
) -> TimeWindow:  # fmt: skip
    """Take when a danger lasts: from its onset, or when the alert takes effect, until it ends or the alert expires.

    Weather services let an alert expire before its event begins or ends: such an expiry ends nothing.
    """
    start = _time(block, "onset", zone, warnings) or _time(block, "effective", zone, warnings) or sent
    said = parameters.value_of(given, tables.ENDING_PARAMETER)
    if said and (ending := iso(said, zone)).utc is not None and _after(ending, start):
        parameters.take(block, given, tables.ENDING_PARAMETER)
        return TimeWindow.between(start, ending)
    end = _time(block, "expires", zone, warnings)
    if end is not None and not _after(end, start):
        block.put_back("expires", end.raw)
        text = f'it expires ("{end.raw}") before it begins ("{start.raw}"): it has no end'
        warnings.append(Warning(code="ends-first", path=f"{block.path}/expires", text=text))
        end = None
    return TimeWindow.between(start, end)


def _after(end: TimeValue, start: TimeValue) -> bool:
    return end.utc is None or start.utc is None or end.utc > start.utc


def _time(block: Branch, name: str, zone: str, warnings: list[Warning]) -> TimeValue | None:
    raw = block.text(name)
    return instant(raw, f"{block.path}/{name}", zone, warnings) if raw else None


@lru_cache(maxsize=256)
def _hazard_word(event: str) -> str:
    said = set(re.findall("[a-z0-9]+", words.bare(event)))
    return next((what for word, what in tables.HAZARD_WORDS if word in said), "")


def _by_category(category: str) -> str:
    return "fire" if category == "Fire" else "other"
