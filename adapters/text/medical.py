"""Requests to move casualties: the 9-line, by numbers or by labels, and the UN CASEVAC request with (A)T-MIST.

Patients are numbers and their injuries, never names. Source: reference formats.md §10.3, §13; domain.md §1.6.
"""

import re
from typing import Final

import msgspec

from adapters import times, words
from adapters.base import Rejected
from adapters.fields import Fields
from adapters.plans import contact
from adapters.reports import equipment, nine_line, site
from adapters.text.incidents import NAMES
from adapters.text.values import counted
from schemas.reports import MedevacRequest, PatientDetail, Patients

_MIST: Final = ("age", "mechanism", "injuries", "signs", "treatment")
_TWICE: Final = ("line 1", "line 3", "line 5")
_NUMBER: Final = re.compile(r"(?P<n>\d{1,4})\s*(?:pax|人|名)?")


def request(fields: Fields) -> MedevacRequest:
    """Take a request with nine numbered lines, or one with labels that says where and how many.

    Raises:
        Rejected: it does not say where or how many, or a count is given twice or cannot be read.
    """
    fields.withhold("names", NAMES)
    for key in _TWICE:
        if len(found := fields.cells(key)) > 1:
            raise Rejected(found[1].path, f"{key} is given twice", 'is "L3" line 3, or three litters? write "5: 3L"')
    details = _details(fields)
    number = _number(fields)
    if "line 3" in fields:
        asked = nine_line(fields)
    elif number is not None or details:
        asked = _labelled(fields)
    else:
        raise Rejected("line 3", "it is missing", "write how many patients of each precedence, e.g. 3: 2A 1C")
    at, name = site(fields, "place")
    return msgspec.structs.replace(
        asked,
        pickup=asked.pickup or at or fields.position(),
        pickup_name=asked.pickup_name or name,
        callsign=asked.callsign or fields.text("callsign"),
        casualties=number,
        hazards=fields.text("hazards"),
        landing_site=fields.text("landing_site"),
        destination=fields.text("destination"),
        contact=contact(fields),
        details=details,
    )


def _labelled(fields: Fields) -> MedevacRequest:
    """Take the lines of a request that has no line 3: an initial alert.

    Raises:
        Rejected: it does not say where.
    """
    if not any(key in fields for key in ("line 1", "place", "position")):
        raise Rejected("location", "it names no pickup site", 'write "Location:" with a grid, a position or a place')
    carried = fields.peek("line 5")
    counts = counted(carried.text, "patients", fields.language) if carried else None
    if carried and counts:
        fields.drop(carried)
    at, name = site(fields, "line 1")
    return MedevacRequest(
        pickup=at,
        pickup_name=name,
        equipment=equipment(fields),
        patients=Patients(**counts) if counts else Patients(),
        security=fields.text("line 6"),
        marking=fields.text("line 7"),
        nationality=fields.text("line 8"),
        terrain=fields.text("line 9"),
        frequency=fields.text("line 2"),
        injured_at=fields.instant("injured"),
        requested_at=fields.instant("time"),
    )


def _number(fields: Fields) -> int | None:
    """Take how many casualties there are."""
    cell = fields.peek("patients")
    match = _NUMBER.fullmatch(words.plain(cell.text).strip()) if cell and len(cell.text) <= 80 else None
    if cell is None:
        return None
    if match is None:
        fields.warn("not-counted", cell.path, f'"{cell.text[:80]}" cannot be counted')
        return None
    fields.drop(cell)
    return int(match["n"])


def _details(fields: Fields) -> tuple[PatientDetail, ...]:
    """Take patients by (A)T-MIST: the first of each label belongs to the first patient, and so on."""
    columns = {name: fields.every(name) for name in _MIST}
    for cell in columns["injuries"]:
        if times.read(cell.text.strip()[:40]).utc is not None:  # the clock of an evacuation hangs on it
            said = f'"{cell.text.strip()[:40]}" reads as a time and stands as the injury'
            fields.warn("time-as-injury", cell.path, f'{said}; a time is written "Time of injury: ..."')
    labels, injured = fields.every("patient"), fields.every("patient_time")
    most = max(len(labels), len(injured), *map(len, columns.values()))
    if most > 1 and any(len(found) not in (0, most) for found in columns.values()):
        short = next(name for name, found in columns.items() if len(found) not in (0, most))
        raise Rejected(short, f"it is given for {len(columns[short])} of {most} patients", "give it for each, or none")
    return tuple(
        PatientDetail(
            label=labels[n].text.strip() if n < len(labels) else "",
            injured_at=fields.at(injured[n]) if n < len(injured) else None,
            **{name: found[n].text.strip() for name, found in columns.items() if found},
        )
        for n in range(most)
    )
