"""One check again, step by step: what was read, what was asked, what each answer was, and what follows from it.

Every step is computed anew from the messages and the mission, not copied from the finding; the last one compares the
two. Source: design §7 law 9; reference deconfliction.md §5 (4): a "show me" replays the check.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from coordinator.core.deconfliction.meeting import Needs, meeting
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import CROSSABLE, Rule
from coordinator.core.deconfliction.sides import Accord, Side, accord
from coordinator.core.deconfliction.windows import FAR, window
from coordinator.core.deconfliction.words import dtg, metres, minutes, period
from schemas import registry
from schemas.findings import Evidence, Finding
from schemas.time import TimeWindow


class Step(NamedTuple):
    """One step: what is done, and what comes of it, a line each."""

    what: str
    lines: tuple[str, ...]


def retrace(finding: Finding, picture: Picture) -> list[Step]:
    """Return the check behind a finding, step by step."""
    sides = [s for p in finding.parties for s in _versions(picture, (p.issuer, p.id))]
    steps = [Step(f"read {s.version.item.name}", tuple(_read(s))) for s in sides]
    if len(finding.parties) == 2 and len(sides) >= 2:
        a, b = (_versions(picture, (p.issuer, p.id))[-1] for p in finding.parties)
        between = accord(picture.ledger, a, b, picture.setting)
        steps.append(Step("what stands between them", tuple(_between(between))))
        if finding.finding_kind == "incompatible-activities" and a.reading and b.reading:
            steps.append(Step("ask each row of the matrix", tuple(_rows(a.reading, b.reading, picture))))
    steps.append(Step(f"the verdict: {finding.finding_kind}", tuple(_evidence(finding))))
    steps.append(Step("how severe", tuple(_severity(finding))))
    steps.append(Step("how it stands", tuple(_state(finding))))
    steps.append(Step("the same again", (_again(finding, picture),)))
    return steps


def _versions(picture: Picture, key: tuple[str, str]) -> tuple[Side, ...]:
    return picture.sides.get(key, ())


# -- reading ----------------------------------------------------------------------------------------------------------


def _read(side: Side) -> Iterator[str]:
    v = side.version
    yield f"by {side.issuer}, in force from {dtg(v.since)}" + (f" until {dtg(side.until)}" if side.until < FAR else "")
    yield f"because of {', '.join(v.named)}"
    if v.performers:
        yield f"performed by {', '.join(v.performers)}"
    if side.draft:
        yield "a draft: only its issuer is told"
    if side.reading is None:
        yield "withdrawn: it occupies nothing any more"
        return
    yield from _occupied(side.reading)


def _occupied(of: Reading) -> Iterator[str]:
    yield f"activities: {', '.join(sorted(of.classes - CROSSABLE)) or 'none that the mission names'}"
    if of.parts:
        w, s, e, n = of.boxes[:, 0].min(), of.boxes[:, 1].min(), of.boxes[:, 2].max(), of.boxes[:, 3].max()
        parts = "1 part" if len(of.parts) == 1 else f"{len(of.parts)} parts"
        yield f"{parts} between {s:.4f}, {w:.4f} and {n:.4f}, {e:.4f}"
        yield f"there {period(window(of.extent))}" + ("" if of.extent.certain else ", times not exact")
    yield from (f"{p.field}: {p.what} {p.word}".strip() for p in of.problems)


# -- two orders -------------------------------------------------------------------------------------------------------


def _between(between: Accord) -> Iterator[str]:
    names = {
        "amends": "one amends or supersedes the other",
        "a_permits": "the first lists the second as permitted",
        "b_permits": "the second lists the first as permitted",
        "agreed": "both sides agreed to both standing side by side",
        "one_unit": "one unit performs both, in one chain of command",
        "cited": "one names the other as coordinated with it",
    }
    said = [text for field, text in names.items() if getattr(between, field)]
    yield from said or ["nothing: no amendment, permission or agreement"]


def _rows(a: Reading, b: Reading, picture: Picture) -> Iterator[str]:
    rules = picture.setting.rows(a.classes, b.classes)
    if not rules:
        yield "no row names this pair of activities"
    for rule in rules:
        yield f"{rule.row.name}: {_row(rule, a, b)}"


def _row(rule: Rule, a: Reading, b: Reading) -> str:
    row = rule.row
    needs = Needs(row.distance_m, row.gap_s, row.vertical_m, row.touch)
    asked = f"asks for {metres(row.distance_m)}, {minutes(row.gap_s)}, {metres(row.vertical_m)} of height"
    met = meeting(a, b, needs)
    if met is None:
        return f"{asked}; they keep it"
    far = f"{metres(met.separation.distance_m)} at {met.separation.at[1]:.5f}, {met.separation.at[0]:.5f}"
    when = period(window(met.overlap)) if met.overlap else f"{minutes(met.gap / 1_000_000)} apart"
    why = f", only possible: {', '.join(met.because)}" if met.because else ""
    return f"{asked}; they come to {far}, {when}: {met.certainty}{why}"


# -- what follows -----------------------------------------------------------------------------------------------------


def _evidence(finding: Finding) -> Iterator[str]:
    """Yield every field of the evidence that says something, as it is."""
    empty = Evidence()
    for name in finding.evidence.__struct_fields__:
        value = getattr(finding.evidence, name)
        if value != getattr(empty, name):
            yield f"{name}: {_said(value)}"


def _said(value: object) -> str:
    """Return a value as it is; a window by its four bounds, so that nothing is rounded."""
    if isinstance(value, TimeWindow):
        bounds = (value.start_earliest, value.start_latest, value.end_earliest, value.end_latest)
        return " / ".join("open" if b is None else dtg(b) for b in bounds)
    return value if isinstance(value, str) else registry.encode(value).decode()


def _severity(finding: Finding) -> Iterator[str]:
    if finding.evidence.lead_s is not None:
        yield f"known {minutes(finding.evidence.lead_s)} before it starts: one step higher"
    if finding.certainty == "possible":
        yield f"only possible, because of: {', '.join(finding.evidence.because) or 'its times'}"
    yield f"{finding.severity}, {finding.certainty}"


def _state(finding: Finding) -> Iterator[str]:
    yield finding.state + (f", {finding.why}" if finding.why else "")
    yield f"since {dtg(finding.first_at)}"
    if finding.waits_for:
        yield f"waits for the wilco of {', '.join(finding.waits_for)}"
    if finding.arbiter:
        yield f"{finding.arbiter} can decide"


def _again(finding: Finding, picture: Picture) -> str:
    ruling = picture.found(finding.id)
    if ruling is None:
        return "nothing gives rise to it any more"
    same = _core(ruling.finding) == _core(finding)
    return "computed again: the same" if same else "computed again: NOT the same, report this as a defect"


def _core(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, at=0, sentence="", options=())
