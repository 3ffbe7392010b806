"""Reports and answers: positions, observations, the status of tasks, acknowledgements, requests.

Each content of a report is a message of its own. The status of a task is what its performer says to the order.
Source: SISO-STD-019-2020, SISO-STD-020-2020; reference formats.md §8.1-8.3.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from adapters.base import Rejected
from adapters.c2sim import moments, tables
from adapters.c2sim.frame import Frame
from adapters.c2sim.spots import height, number, spot
from adapters.c2sim.tree import Branch
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.envelope import Envelope, Reference, UnitRef, Warning
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.reports import Observation, PositionReport
from schemas.time import TimeValue

Warnings = list[Warning]

_UNSAID: Final = TimeValue(quality="unknown")


def read(frame: Frame, body: Branch, warnings: Warnings) -> Iterator[Envelope]:
    """Yield what a report says, content by content.

    Raises:
        Rejected: it holds nothing that the bus knows, or something lies nowhere on earth.
    """
    contents = [content for holder in body.all("ReportContent") for content in holder.kids if content.name in _READERS]
    if not contents:
        why = "it holds no position, observation or task status"
        raise Rejected(body.path, why, "send a PositionReportContent, an ObservationReportContent or a TaskStatus")
    whose = _reporter(frame, body, contents)
    several = len(contents) > 1 or len(_items(contents[0])) > 1
    number = 0
    for content in contents:
        common = list(warnings)
        when = moments.iso(content.one("TimeOfObservation"), frame.context, common)
        for item in _items(content):
            number += 1
            said = list(common)
            what = _READERS[content.name](content, item, _Setting(whose, when), said)
            yield frame.message(what, item, str(number) if several else "", said)


class _Setting(NamedTuple):
    """Who reports, and when it was so."""

    whose: str
    when: TimeValue | None


def _items(content: Branch) -> tuple[Branch, ...]:
    """Return the observations of an observation report; any other content is one item."""
    observed = content.all("Observation") if content.name == "ObservationReportContent" else ()
    return observed or (content,)


def _reporter(frame: Frame, body: Branch, contents: list[Branch]) -> str:
    """Return whose report it is; the leaf is taken where a message says so."""
    leaf = body.one("ReportingEntity")
    if leaf is None or not leaf.text:
        return frame.unit.id if frame.unit else ""
    return leaf.take() if any(_says_whose(content) for content in contents) else leaf.text


def _says_whose(content: Branch) -> bool:
    subject = content.one("SubjectEntity")
    return content.name == "TaskStatus" or (content.name == "PositionReportContent" and not (subject and subject.text))


def _position(content: Branch, item: Branch, setting: _Setting, warnings: Warnings) -> PositionReport:
    location = content.one("Location")
    at = spot(location) if location else None
    if location is None or at is None:
        raise Rejected(content.path, "it says no position", "give Latitude and Longitude in a GeodeticCoordinate")
    subject = content.said("SubjectEntity") or setting.whose
    if not subject:
        raise Rejected(content.path, "it does not say whose position it is", "add a SubjectEntity")
    if setting.when is None:
        text = "it does not say when it was there: its time is not known"
        warnings.append(Warning(code="time-unknown", path=content.path, text=text))
    return PositionReport(
        subject=UnitRef(id=subject, scheme="c2sim_uuid"),
        position=at,
        at=setting.when or _UNSAID,
        altitude=height(location),
        course_deg=number(content.find("HeadingAngle"), 0, 360),
        speed_mps=number(content.find("Speed"), 0, 1e6),
    )


def _observation(content: Branch, item: Branch, setting: _Setting, warnings: Warnings) -> Observation:
    location = item.find("Location")
    limit = height(location) if location else None
    return Observation(
        observed=setting.when,
        position=spot(location) if location else None,
        altitude=limit,
        activity=item.word("TaskActionCode", "TaskNameCode", "EventCode"),
        unit=item.word("ActorReference"),
        symbol=item.word("SIDCString", "APP6C-SIDC"),
        assessment=item.word("OperationalStatusCode"),
    )


def _status(content: Branch, item: Branch, setting: _Setting, warnings: Warnings) -> Message:
    task, leaf = content.said("CurrentTask"), content.one("TaskStatusCode")
    code = leaf.text.upper() if leaf else ""
    if not 0 < len(task) <= 200:
        raise Rejected(content.path, "it does not say of which task", "add the CurrentTask")
    if leaf is None or code not in tables.TASK_STATUS:
        known = ", ".join(tables.TASK_STATUS)
        raise Rejected(leaf.path if leaf else content.path, f'"{code[:40]}" is no status of a task', f"write {known}")
    leaf.take()
    step, reason = tables.TASK_STATUS[code]
    return Acknowledgement(
        of=Reference(id=task),
        step=step,
        code=reason,
        note=code,
        by=UnitRef(id=setting.whose, scheme="c2sim_uuid") if setting.whose else None,
        at=setting.when,
    )


_READERS: Final[dict[str, Callable[[Branch, Branch, _Setting, Warnings], Message]]] = {
    "PositionReportContent": _position,
    "ObservationReportContent": _observation,
    "TaskStatus": _status,
}


def acknowledgement(frame: Frame, body: Branch, warnings: Warnings) -> Iterator[Envelope]:
    """Yield what an acknowledgement says of the message that it replies to.

    Raises:
        Rejected: it names no message, or a code that is none.
    """
    leaf = body.one("AcknowledgeTypeCode")
    code = leaf.text.upper() if leaf else ""
    if leaf is None or (code not in tables.ACKNOWLEDGED and code not in tables.ANSWERED):
        known = ", ".join((*tables.ACKNOWLEDGED, *tables.ANSWERED))
        raise Rejected(leaf.path if leaf else body.path, f'"{code[:40]}" is no acknowledgement', f"write {known}")
    if frame.reply is None:
        raise Rejected(body.path, "it does not say what it answers", "add InReplyToMessageID to the C2SIMHeader")
    leaf.take()
    if code in tables.ANSWERED:
        yield frame.message(LiaisonResponse(request=frame.reply, decision=tables.ANSWERED[code]), body, "", warnings)
        return
    step, reason = tables.ACKNOWLEDGED[code]
    what = Acknowledgement(of=frame.reply, step=step, code=reason, note=code, by=frame.unit, at=frame.created)
    yield frame.message(what, body, "", warnings)


def request(frame: Frame, body: Branch, warnings: Warnings) -> Iterator[Envelope]:
    """Yield the requests for information, by the category of each.

    Raises:
        Rejected: it asks for nothing.
    """
    contents = body.all("RequestContent")
    if not contents:
        raise Rejected(body.path, "it asks for nothing", "add a RequestContent with its category")
    for place, content in enumerate(contents, 1):
        subject = content.word("MIPRequestCategoryCode")
        if not subject:
            raise Rejected(content.path, "its category is missing", "add a MIPRequestCategoryCode, e.g. LOCATN")
        what = LiaisonRequest(request_kind="information", subject=subject)
        yield frame.message(what, content, str(place) if len(contents) > 1 else "", list(warnings))
