"""Times of C2SIM: instants, placeholders, delays from another task or from the start of a simulation, durations.

What names no instant has none: ``0000-00-00`` is a placeholder, and nothing is read off the clock in its place. A delay
keeps what it counts from. Source: SISO-STD-019-2020 (TimeInstant, Duration); reference formats.md §2.2, §8.1-8.3.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from adapters import times
from adapters.base import Context
from adapters.c2sim.tables import ANCHORS, Relation
from adapters.c2sim.tree import Branch
from schemas.directives import Dependency
from schemas.envelope import Warning
from schemas.time import RelativeTime, TimeValue, TimeWindow

SIMULATION: Final = "SIMULATION-START"
"""What a SimulationTime counts from."""

_PARTS: Final = "(?:{0}Y)?(?:{0}M)?(?:{0}D)?(?:T(?:{0}H)?(?:{0}M)?(?:{0}S)?)?".format(r"(\d{1,6}(?:[.,]\d{1,6})?)")
_DURATION: Final = re.compile(rf"([+-]?)P{_PARTS}")
_SECONDS: Final = (86_400, 3_600, 60, 1)
_HOUR_US: Final = 3_600_000_000
_CLOSE_US: Final = 300_000_000  # five minutes (§2.2)
_MOST_HOURS: Final = 14  # the largest offset of any zone


def seconds(duration: str) -> float | None:
    """Return how long an ISO 8601 duration is; its parts are summed, however large each is.

    None where it cannot be read, and where it has years or months, whose length is not known.
    """
    match = _DURATION.fullmatch(duration.strip())
    if match is None or not any(match.groups()[1:]):
        return None
    years, months, *rest = (float((part or "0").replace(",", ".")) for part in match.groups()[1:])
    if years or months:
        return None
    total = sum(part * unit for part, unit in zip(rest, _SECONDS, strict=True))
    return -total if match[1] == "-" else total


def written(offset_s: float) -> str:
    """Return a duration in the form that the standard's pattern asks for, in whole seconds.

    A task cannot wait less than nothing, nor more than 99 days: other offsets have no such form ("").
    """
    whole = round(offset_s)
    if whole != offset_s or not 0 <= whole < 100 * 86_400:
        return ""
    minutes, s = divmod(whole, 60)
    hours, m = divmod(minutes, 60)
    d, h = divmod(hours, 24)
    return f"P00Y00M{d:02}DT{h:02}H{m:02}M{s:02}S"


def iso(at: Branch | None, context: Context, warnings: list[Warning]) -> TimeValue | None:
    """Take the ISO time of an element, whichever levels a dialect puts around it."""
    leaf = at and (at.find("IsoDateTime") or at)
    if not leaf or not leaf.text or len(leaf.text) > 200:
        return None
    value = times.iso(leaf.take(), context.zone)
    _warn(value, leaf.path, warnings)
    return value


def sent(at: Branch | None, context: Context, warnings: list[Warning]) -> TimeValue | None:
    """Read a time of sending without taking it; one without a zone is read in the zone that receipt points to."""
    leaf = at and (at.find("IsoDateTime") or at)
    if not leaf or not leaf.text or len(leaf.text) > 200:
        return None
    value = times.iso(leaf.text, context.zone)
    if value.utc is None and value.quality == "unknown":
        value = _by_receipt(value, context.received_at)
    _warn(value, leaf.path, warnings)
    return value


def _by_receipt(value: TimeValue, received_at: int) -> TimeValue:
    """Infer whole hours of zone from the moment of receipt, if that leaves less than five minutes between."""
    local = times.iso(value.raw, "Z").utc
    if local is None or not received_at:
        return value
    hours = round((received_at - local) / _HOUR_US)
    utc = local + hours * _HOUR_US
    if abs(hours) > _MOST_HOURS or abs(received_at - utc) > _CLOSE_US:
        return value
    return TimeValue(utc=utc, raw=value.raw, quality="zone_inferred")


def moment(at: Branch | None, tasks: Mapping[str, str], context: Context, warnings: list[Warning]) -> TimeValue | None:
    """Take a start or an end: an instant, or a delay. ``tasks`` gives the ids of tasks by their UUID."""
    if at is None:
        return None
    relative, simulated = at.one("RelativeTime"), at.one("SimulationTime")
    if relative is not None:
        return _delayed(relative, tasks, warnings)
    if simulated is not None:
        length = simulated.find("IsoTimeDuration") or simulated.find("DelayTimeAmount")
        delay = seconds(length.text) if length else None
        if length is None or delay is None:
            _lost(simulated, warnings)
            return None
        return _relative(length.take(), SIMULATION, delay, "start")
    return iso(at, context, warnings)


def _delayed(at: Branch, tasks: Mapping[str, str], warnings: list[Warning]) -> TimeValue | None:
    length, event, code = at.find("IsoTimeDuration"), at.one("EventReference"), at.one("TimeReferenceCode")
    delay = seconds(length.text) if length else 0.0
    anchor = ANCHORS.get(code.text.upper() if code else "INTERVALSTARTTIME")
    if event is None or not 0 < len(event.text) <= 200 or delay is None or anchor is None:
        _lost(at, warnings)
        return None
    if code:
        code.take()
    raw, uuid = length.take() if length else "", event.take()
    return _relative(raw, tasks.get(uuid, uuid), delay, anchor)


def _relative(raw: str, event: str, offset_s: float, anchor: str) -> TimeValue:
    of = RelativeTime(event=event, offset_s=offset_s, anchor="end" if anchor == "end" else "start")
    return TimeValue(raw=raw, quality="relative", relative=of)


def _lost(at: Branch, warnings: list[Warning]) -> None:
    text = "it says no delay that can be read: its time is not known"
    warnings.append(Warning(code="time-unknown", path=at.path, text=text))


def window(task: Branch, own: str, tasks: Mapping[str, str], context: Context, warnings: list[Warning]) -> TimeWindow:
    """Take when a task is: its start, and its end or its duration. ``own`` is the task's own id."""
    start = moment(task.one("StartTime"), tasks, context, warnings)
    end = moment(task.one("EndTime"), tasks, context, warnings)
    if end is None and (lasts := task.one("Duration")) is not None:
        end = _after(start, lasts, own, warnings)
    first = TimeWindow.between(start, end)
    trigger = start.relative.event if start and start.relative and start.quality == "relative" else ""
    return TimeWindow(
        start_earliest=first.start_earliest, start_latest=first.start_latest, end_earliest=first.end_earliest,
        end_latest=first.end_latest, start=start, end=end, trigger=trigger,
    )  # fmt: skip


def _after(start: TimeValue | None, lasts: Branch, own: str, warnings: list[Warning]) -> TimeValue | None:
    """Return the end of what lasts so long: an instant after an instant, otherwise a delay."""
    leaf = lasts.find("IsoTimeDuration") or lasts
    long = seconds(leaf.text)
    if long is None or long < 0:
        _lost(lasts, warnings)
        return None
    if start is None or (start.utc is None and start.quality != "relative"):
        return _relative(leaf.take(), own, long, "start")
    if start.utc is not None:
        return TimeValue(utc=start.utc + round(long * 1e6), raw=leaf.take(), quality=start.quality)
    if start.relative is None:  # a time that is relative says to what
        return None
    return _relative(leaf.take(), start.relative.event, start.relative.offset_s + long, start.relative.anchor)


def waits(when: TimeWindow, own: str) -> Iterator[Dependency]:
    """Yield what the start of a task waits for; neither the start of a simulation nor itself is another task."""
    start = when.start.relative if when.start and when.start.quality == "relative" else None
    if start and start.event not in (SIMULATION, own):
        relation: Relation = "after-end" if start.anchor == "end" else "after-start"
        yield Dependency(task=start.event, relation=relation, offset_s=start.offset_s)


def _warn(value: TimeValue, path: str, warnings: list[Warning]) -> None:
    if (text := _LOOK_AT.get(value.quality)) is not None:
        code = value.quality.replace("_", "-") if value.quality != "unknown" else "time-unknown"
        warnings.append(Warning(code=code, path=path, text=f'"{value.raw[:40]}" {text}'))


_LOOK_AT: Final = {
    "placeholder": "is a placeholder: no time is known",
    "zone_inferred": "has no zone; the one that was inferred may be wrong",
    "unknown": "names no instant: its time is not known",
}
