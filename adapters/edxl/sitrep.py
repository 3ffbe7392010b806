"""EDXL-SitRep as a SITREP. Read as far as its public descriptions go; whatever else it says stays unmapped.

Source: OASIS EDXL-SitRep 1.0; reference formats.md §6.3 (order of optional children: from memory, so any is accepted).
"""

from collections.abc import Iterator
from typing import Any, Final, Literal

from adapters import words
from adapters.base import Rejected, Translation
from adapters.branches import Branch, Tree
from adapters.edxl.parts import Document, Made, instant, needed, sent, translation, within, word
from adapters.outlines import pair
from adapters.times import stamped
from schemas.envelope import Envelope, Reference, Source, Warning
from schemas.geo import Position
from schemas.reports import Section, SituationReport
from schemas.time import TimeValue, TimeWindow

SPACE: Final = "urn:oasis:names:tc:emergency:EDXL:SitRep:1.0"
COMMON: Final = "urn:oasis:names:tc:emergency:edxl:ct:1.0"
_TYPES: Final[tuple[tuple[float, Literal["daily", "weekly", "monthly"]], ...]] = (
    (36, "daily"), (8 * 24, "weekly"), (float("inf"), "monthly"),
)  # fmt: skip  # by the hours that it covers
_SECTIONS: Final = {  # text of a report -> key of the section
    "reportPurpose": "general", "actionPlan": "intentions", "observationText": "operations",
    "immediateNeeds": "logistics", "situationSummary": "general",
}  # fmt: skip
_TITLE: Final = " | "  # between a section's key and title, and its text
_ORDER: Final = {
    "sitRep": (
        "messageID", "preparedBy", "authorizedBy", "reportPurpose", "reportNumber", "reportVersion", "forTimePeriod",
        "reportTitle", "incidentID", "precedingMessageID", "reportConfidence", "severity", "reportingLocation",
        "nextContact", "report",
    ),
    "forTimePeriod": ("ct:fromDateTime", "ct:toDateTime"),
}  # fmt: skip


def read(of: Document, origin: Source) -> Translation:
    """Translate one report.

    Raises:
        Rejected: it has no id, or does not say over which period.
    """
    root = of.root
    identity = needed(root, "messageID")[:190]
    periods = root.each("forTimePeriod")
    if not periods:
        raise Rejected("sitRep/forTimePeriod", "it is missing", "a report says from when until when it holds")
    first = sent(needed(periods[0], "fromDateTime"), "sitRep/forTimePeriod/fromDateTime", of)
    last = sent(needed(periods[0], "toDateTime"), "sitRep/forTimePeriod/toDateTime", of)
    if (last.utc or 0) < (first.utc or 0):
        raise Rejected("sitRep/forTimePeriod", f'it ends ("{last.raw}") before it starts', "check both times")
    made_at = next((t for b in root.each("preparedBy") if (t := instant(word(b, "timeValue"), b.path, of))), None)
    body = SituationReport(
        period=TimeWindow.between(first, last),
        report_type=_type(first, last, of),
        report_no=word(root, "reportNumber"),
        location=_location(root, of),
        sections=tuple(_sections(root)),
        incidents=tuple([i for b in root.each("incidentID") if (i := b.own())]),
        next_contact=instant(word(root, "nextContact"), "sitRep/nextContact", of),
    )
    before = tuple([Reference(id=i[:200]) for b in root.each("precedingMessageID") if (i := b.own())])
    fields: dict[str, Any] = {"references": before, "summary": word(root, "reportTitle")}
    return translation(of, [Made(body, identity, fields)], made_at or last, origin, "SitRep 1.0")


def _type(first: TimeValue, last: TimeValue, of: Document) -> Literal["daily", "weekly", "monthly"]:
    hours = ((last.utc or 0) - (first.utc or 0)) / 3.6e9
    found = next(name for limit, name in _TYPES if hours <= limit)
    text = f"it covers {hours:g} hours: read as {found}"
    of.warnings.append(Warning(code="type-inferred", path="sitRep/forTimePeriod", text=text))
    return found


def _location(root: Branch, of: Document) -> Position | None:
    """Take the point of the reporting location; any other form stays where it is."""
    for point in within(root, "reportingLocation", "EDXLGeoLocation", "Point", "pos"):
        raw = point.own()
        try:
            lon, lat = pair(",".join(raw.split()), point.path)
        except Rejected as error:
            of.leaves[point.path] = raw
            of.warnings.append(Warning(code="place-unread", path=point.path, text=error.why))
            return None
        return Position(lat=lat, lon=lon, form="decimal", raw=raw)
    return None


def _sections(root: Branch) -> Iterator[Section]:
    """Yield the texts of a report; one that the bus wrote says its own heading."""
    for name in ("reportPurpose", "actionPlan"):
        if text := word(root, name):
            yield Section(key=_SECTIONS[name], title=name, text=text)
    for report in root.each("report"):
        for name in ("situationSummary", "observationText", "immediateNeeds"):
            for branch in report.each(name):
                text = branch.own()
                head, sign, rest = text.partition(_TITLE)
                title, sign2, words_ = rest.partition(_TITLE)
                if sign and sign2:
                    yield Section(key=head, title=title, text=words_)
                elif text:
                    yield Section(key=_SECTIONS[name], title=name, text=text)


KEPT: Final = ("sitRep/reportVersion", "sitRep/reportConfidence", "sitRep/severity")  # written again as they came


def write(message: Envelope, what: SituationReport) -> str:
    """Return a SITREP as a document, without the declaration of XML. What it cannot know it says to be unknown."""
    said = {leaf.path: leaf.value for leaf in message.unmapped if leaf.path in KEPT}
    tree = Tree()
    tree.attributes |= {
        "xmlns": SPACE, "xmlns:ct": COMMON, "xmlns:gml": "http://www.opengis.net/gml/3.2", "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }  # fmt: skip
    window = what.period
    at = message.created.utc if message.created and message.created.utc is not None else message.received_at or 0
    leaves = {
        "messageID": message.id, "preparedBy/ct:timeValue": stamped(at), "authorizedBy/ct:timeValue": stamped(at),
        "reportPurpose": next((s.text for s in what.sections if s.title == "reportPurpose"), ""),
        "reportNumber": what.report_no,
        "reportVersion": said.get(KEPT[0], "Initial" if message.revision == 1 else "Update"),
        "forTimePeriod/ct:fromDateTime": _stamp(window.start_earliest),
        "forTimePeriod/ct:toDateTime": _stamp(window.end_latest), "reportTitle": message.summary,
        "reportConfidence": said.get(KEPT[1], "Unsure"), "severity": said.get(KEPT[2], "Unknown"),
        "nextContact": _stamp(what.next_contact.utc) if what.next_contact else "",
    }  # fmt: skip
    for n, incident in enumerate(what.incidents or ("Unknown",), 1):
        leaves[f"incidentID[{n}]"] = incident
    for n, reference in enumerate(message.references, 1):
        leaves[f"precedingMessageID[{n}]"] = reference.id
    if what.location is not None:
        leaves["reportingLocation/ct:EDXLGeoLocation/gml:point/gml:pos"] = (
            f"{what.location.lat!r} {what.location.lon!r}"
        )
    sections = [s for s in what.sections if s.title != "reportPurpose"]
    for n, section in enumerate(sections, 1):
        leaves[f"report/observationText[{n}]"] = _TITLE.join((section.key, section.title, section.text))
    for path, value in leaves.items():
        if value:
            tree.put(path, words.printable(value))
    tree.put("report/@xsi:type", "FieldObservationType")
    return tree.text("sitRep", _ORDER)


def _stamp(utc: int | None) -> str:
    return "" if utc is None else stamped(utc)
