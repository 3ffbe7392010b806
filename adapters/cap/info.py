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
_EVENT: Final = 200  # characters of an event that are looked at


def read(blocks: Sequence[Branch], sent: TimeValue, warnings: list[Warning], zone: str) -> dict[str, Any]:
    """Return the fields of a message: its body, texts, language, summary, and the name of its sender."""
    what = kind(blocks)
    event = _event(blocks, warnings)
    place = areas.read(blocks, warnings)
    lifted = _all_clear(blocks)
    appraisal = _appraisal(blocks, warnings)
    body: Message
    if what == "hazard" and place.named is not None:
        body = _hazard(blocks, event, place, appraisal, _windows(blocks, sent, zone, warnings), lifted)
    else:
        occurred = _time(blocks[0], "onset", zone, warnings)
        body = _incident(blocks, event, place, appraisal, occurred, lifted)
    return {"message": body, **texts(blocks, event)}


def kind(blocks: Sequence[Branch]) -> Literal["hazard", "incident"]:
    """Return whether an alert is a hazard or an incident; a hazard needs a place.

    What is past is an incident, unless it gives the all-clear. An event of `tables.HAZARD_WORDS` is a hazard, and so is
    an alert that tells people to keep away from an area; else the first category decides.
    """
    first = blocks[0]
    if (said := parameters.value_of(parameters.listed(first), tables.KIND_PARAMETER)) in parameters.KINDS:
        return cast(Literal["hazard", "incident"], said)
    responses = {r.leaves.get(r.path, "").strip() for r in first.each("responseType")}
    if not any(b.each("area") for b in blocks):
        return "incident"
    if first.peek("urgency") == "Past" and tables.ALL_CLEAR not in responses:
        return "incident"
    if _hazard_word(first.peek("event")[:_EVENT]):
        return "hazard"
    shaped = any(a.each("polygon") or a.each("circle") for b in blocks for a in b.each("area"))
    if shaped and responses & tables.KEEP_AWAY:
        return "hazard"
    return tables.KIND.get(first.peek("category"), "incident")


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
    blocks: Sequence[Branch], event: str, place: areas.Place, appraisal: Appraisal,
    windows: tuple[TimeWindow, ...], lifted: bool,
) -> HazardNotice:  # fmt: skip
    first = blocks[0]
    said = parameters.fields(first, HazardNotice, tables.HAZARD_PARAMETERS)
    hazard_kind = said.pop("hazard_kind", "") or _hazard_word(event[:_EVENT]) or _by_category(first.peek("category"))
    remarks = said.pop("remarks", "" if event == tables.HAZARD_EVENT[hazard_kind] else event)
    fields: dict[str, Any] = {"state": "lifted" if lifted else "planned"} | said
    contact = contacts.read(first.text("contact"))
    return HazardNotice(
        hazard_kind=cast(Any, hazard_kind), area=cast(Any, place.named), windows=windows, altitude=place.altitude,
        remarks=remarks, contact=contact, appraisal=appraisal if appraisal != Appraisal() else None, **fields,
    )  # fmt: skip


def _incident(
    blocks: Sequence[Branch], event: str, place: areas.Place, appraisal: Appraisal, occurred: TimeValue | None,
    lifted: bool,
) -> IncidentReport:  # fmt: skip
    first = blocks[0]
    said = parameters.fields(first, IncidentReport, tables.INCIDENT_PARAMETERS)
    category = said.pop("category", "") or first.peek("category").lower() or "other"
    if category == (first.peek("category").lower() or "other"):
        first.text("category")
    name = said.pop("place_name", "" if place.area is not None and place.point is None else place.name)
    subcategory = said.pop("subcategory", "" if event.lower() == category.lower() else event)
    fields: dict[str, Any] = {"danger": "lifted" if lifted else ""} | said
    return IncidentReport(
        category=category, subcategory=subcategory, occurred=occurred, position=place.point,
        area=None if place.point else place.area, place_name=name,
        appraisal=appraisal if appraisal != Appraisal() else None, **fields,
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
    for block in blocks[1:]:
        if block.peek(name) == value:
            block.text(name)
    return [value] if value else []


def _all_clear(blocks: Sequence[Branch]) -> bool:
    """Take the response that says that the danger is over."""
    found = [r for b in blocks for r in b.each("responseType") if r.leaves.get(r.path, "").strip() == tables.ALL_CLEAR]
    for response in found:
        response.own()
    return bool(found)


def _appraisal(blocks: Sequence[Branch], warnings: list[Warning]) -> Appraisal:
    """Take the scales of the worst block; those of a block that says otherwise stay there."""
    said = [{name: _scale(b, name, warnings) for name in _APPRAISED} for b in blocks]
    rank = (*tables.SEVERITY, "")
    worst = min(said, key=lambda s: rank.index(s["severity"]))
    for block, scales in zip(blocks, said, strict=True):
        if scales == worst:
            for name, value in scales.items():
                if value or not block.peek(name):
                    block.text(name)
    return Appraisal(**cast(Any, worst))


def _scale(block: Branch, name: str, warnings: list[Warning]) -> str:
    path, said = f"{block.path}/{name}", block.peek(name)
    if said in _APPRAISED[name]:
        return said
    text = f'"{said[:40]}" is none of its values' if said else "it must be there, and says nothing"
    warnings.append(Warning(code="unknown-word" if said else "empty", path=path, text=text))
    return ""


def _windows(
    blocks: Sequence[Branch], sent: TimeValue, zone: str, warnings: list[Warning]
) -> tuple[TimeWindow, ...]:  # fmt: skip
    found: dict[tuple[int | None, int | None], TimeWindow] = {}
    for window in [_window(b, sent, zone, warnings) for b in blocks]:
        found.setdefault((window.start_earliest, window.end_latest), window)
    return tuple(found.values())


def _window(block: Branch, sent: TimeValue, zone: str, warnings: list[Warning]) -> TimeWindow:
    """Take when a danger lasts: from its onset, or when the alert takes effect, until it ends or the alert expires.

    Weather services let an alert expire before its event begins or ends: such an expiry ends nothing.
    """
    start = _time(block, "onset", zone, warnings) or _time(block, "effective", zone, warnings) or sent
    said = parameters.value_of(parameters.listed(block), tables.ENDING_PARAMETER)
    if said and (ending := iso(said, zone)).utc is not None and _after(ending, start):
        parameters.take(block, tables.ENDING_PARAMETER)
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
