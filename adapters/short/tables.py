"""What each head means and which letter holds which field: data, in the order in which fields are written.

T is always when, P where, N the name of the place, R how far around, W the words, A an area, H a height. What decides
stands first, so that the first part of several says the most.
"""

from typing import Final, NamedTuple

from adapters.short.shapes import AREA, BAND, DEMAND, LIMIT, POINT, VEHICLES
from adapters.short.values import (
    CONFIDENCE,
    COUNT,
    EXACT,
    LENGTH,
    MICROS,
    NUMBER,
    POSITION,
    REFERENCE,
    SECTION,
    TIME,
    UNIT,
    WINDOW,
    WORDS,
    YES,
    Codec,
    choice,
    listed,
    table,
)
from schemas.acknowledgements import Acknowledgement, Action, ReadBack
from schemas.base import Message
from schemas.directives import Directive, OrderChange
from schemas.envelope import Contact
from schemas.liaison import SPOKEN, Item, LiaisonRequest, LiaisonResponse
from schemas.notices import HazardNotice, MovementNotice, RouteState
from schemas.reports import (
    Actor,
    Appraisal,
    Casualties,
    IncidentReport,
    MedevacRequest,
    Observation,
    PatientDetail,
    Patients,
    PositionReport,
    Precedences,
    SituationReport,
    StrengthLine,
    TextMessage,
    Violation,
)


class Slot(NamedTuple):
    """A field of a body: its letter, its path, its codec; ``many``: each value is a field of its own."""

    code: str
    path: str
    codec: Codec
    many: bool = False


class Head(NamedTuple):
    """A first word: the kind, and what it says by itself."""

    kind: str
    says: tuple[tuple[str, object], ...] = ()


CONTACT: Final = table(
    Contact,
    {"N": ("name", WORDS), "R": ("role", WORDS), "P": ("phone", EXACT), "E": ("email", EXACT), "F": ("radio", WORDS)},
)
_CASUALTIES: Final = table(
    Casualties,
    {"K": ("killed", COUNT), "I": ("injured", COUNT), "M": ("missing", COUNT), "D": ("detained", COUNT),
     "S": ("displaced", COUNT), "R": ("red", COUNT), "Y": ("yellow", COUNT), "G": ("green", COUNT),
     "B": ("black", COUNT)},
)  # fmt: skip
_APPRAISAL: Final = table(
    Appraisal,
    {"U": ("urgency", choice(Appraisal, "urgency")), "S": ("severity", choice(Appraisal, "severity")),
     "C": ("certainty", choice(Appraisal, "certainty"))},
)  # fmt: skip
_VIOLATION: Final = table(
    Violation,
    {"A": ("agreement", WORDS), "C": ("article", WORDS), "B": ("attribution", WORDS), "P": ("protest_lodged", YES),
     "S": ("sources", listed(WORDS, ";")), "V": ("verifier", WORDS)},
)  # fmt: skip
_ACTOR: Final = table(
    Actor,
    {"": ("description", WORDS), "R": ("role", choice(Actor, "role")), "Z": ("size", WORDS),
     "U": ("unit", UNIT)},
)  # fmt: skip
_ITEM: Final = table(
    Item,
    {"": ("ref", EXACT), "N": ("name", WORDS), "Q": ("quantity", NUMBER), "U": ("unit", WORDS),
     "L": ("restrictions", WORDS)},
)  # fmt: skip
_PRECEDENCES: Final = table(
    Precedences,
    {"A": ("urgent", COUNT), "B": ("urgent_surgical", COUNT), "C": ("priority", COUNT), "D": ("routine", COUNT),
     "E": ("convenience", COUNT)},
)  # fmt: skip
_PATIENTS: Final = table(Patients, {"L": ("litter", COUNT), "A": ("ambulatory", COUNT), "E": ("escort", COUNT)})
_PATIENT: Final = table(
    PatientDetail,
    {"": ("label", WORDS), "A": ("age", WORDS), "C": ("injured_at", TIME), "M": ("mechanism", WORDS),
     "I": ("injuries", WORDS), "S": ("signs", WORDS), "T": ("treatment", WORDS)},
)  # fmt: skip
_STRENGTH: Final = table(
    StrengthLine,
    {"": ("category", WORDS), "A": ("authorised", COUNT), "E": ("effective", COUNT), "B": ("absent", COUNT),
     "N": ("note", WORDS)},
)  # fmt: skip
_CHANGE: Final = table(OrderChange, {"": ("order", REFERENCE)})
_REFERENCES: Final = listed(REFERENCE)
_NAMES: Final = listed(WORDS)
_UNITS: Final = listed(UNIT)
_WAY: Final = (
    Slot("G", "route.name", WORDS),
    Slot("J", "route.points", listed(POINT)),
    Slot("YM", "route.method", choice(MovementNotice, "method")),
    Slot("YW", "route.width_m", LENGTH),
    Slot("YD", "route.direction", WORDS),
    Slot("YC", "route.column_length_m", LENGTH),
    Slot("YS", "route.speed_min_mps", NUMBER),
    Slot("YF", "route.speed_max_mps", NUMBER),
)
CIRCLE: Final = (Slot("P", "area.centre", POSITION), Slot("R", "area.radius_m", LENGTH), Slot("A", "area", AREA))
"""An area that is a circle without a name is written as a place and a radius, as people say it."""

SLOTS: Final[dict[str, tuple[Slot, ...]]] = {
    "incident": (
        Slot("K", "category", WORDS), Slot("T", "occurred", TIME), Slot("U", "ended", TIME),
        Slot("P", "position", POSITION), Slot("N", "place_name", WORDS), Slot("R", "safety_radius_m", LENGTH),
        Slot("D", "danger", choice(IncidentReport, "danger")), Slot("C", "casualties", _CASUALTIES),
        Slot("A", "area", AREA), Slot("W", "activity", WORDS), Slot("Z", "stage", choice(IncidentReport, "stage")),
        Slot("S", "subcategory", WORDS), Slot("B", "actors", _ACTOR, many=True), Slot("E", "weapons", WORDS),
        Slot("O", "rounds", COUNT), Slot("Q", "direction_deg", NUMBER), Slot("L", "range_m", LENGTH),
        Slot("M", "method", choice(IncidentReport, "method", strict=False)), Slot("F", "seen_from", POSITION),
        Slot("G", "confidence", CONFIDENCE), Slot("V", "violation", _VIOLATION), Slot("H", "hazards", WORDS),
        Slot("J", "action_taken", WORDS), Slot("I", "intention", WORDS), Slot("YR", "action_requested", WORDS),
        Slot("YY", "assessment", WORDS), Slot("YD", "damage", WORDS), Slot("YE", "access", WORDS),
        Slot("YM", "media_interest", WORDS), Slot("YO", "observed", TIME), Slot("YT", "reported", TIME),
        Slot("YC", "appraisal", _APPRAISAL),
    ),
    "hazard": (
        Slot("K", "hazard_kind", choice(HazardNotice, "hazard_kind")),
        Slot("O", "state", choice(HazardNotice, "state")), Slot("T", "windows", WINDOW, many=True), *CIRCLE,
        Slot("H", "altitude", BAND), Slot("S", "safety_radius_m", LENGTH), Slot("E", "error_m", LENGTH),
        Slot("W", "remarks", WORDS), Slot("C", "contact", CONTACT), Slot("G", "appraisal", _APPRAISAL),
    ),
    "movement": (
        Slot("K", "movement_kind", choice(MovementNotice, "movement_kind")), Slot("T", "windows", WINDOW, many=True),
        *_WAY, *CIRCLE, Slot("M", "method", choice(MovementNotice, "method")),
        Slot("I", "state", choice(MovementNotice, "state")), Slot("H", "altitude", BAND), Slot("W", "purpose", WORDS),
        Slot("V", "vehicles", listed(VEHICLES)), Slot("S", "strength", COUNT), Slot("B", "armed", YES),
        Slot("E", "escorted", YES), Slot("O", "organisation", WORDS), Slot("F", "cargo", WORDS),
        Slot("D", "drivers", WORDS), Slot("C", "contact", CONTACT), Slot("L", "relies_on", _NAMES),
        Slot("YO", "coordinated_with", _REFERENCES), Slot("YA", "assets", listed(DEMAND)),
        Slot("YQ", "frequencies_mhz", listed(NUMBER)),
    ),
    "position": (
        Slot("T", "at", TIME), Slot("P", "position", POSITION), Slot("S", "subject", UNIT), Slot("U", "stale_at", TIME),
        Slot("H", "hae_m", NUMBER), Slot("E", "le_m", LENGTH), Slot("D", "course_deg", NUMBER),
        Slot("F", "speed_mps", NUMBER), Slot("K", "affiliation", choice(PositionReport, "affiliation", strict=False)),
        Slot("L", "altitude", LIMIT), Slot("Q", "symbol", EXACT), Slot("M", "how", EXACT),
        Slot("B", "battery_pct", NUMBER), Slot("W", "remarks", WORDS),
    ),
    "medevac": (
        Slot("K", "mission_kind", choice(MedevacRequest, "mission_kind")), Slot("P", "pickup", POSITION),
        Slot("N", "pickup_name", WORDS), Slot("U", "precedences", _PRECEDENCES), Slot("L", "patients", _PATIENTS),
        Slot("T", "requested_at", TIME), Slot("I", "injured_at", TIME), Slot("C", "callsign", WORDS),
        Slot("F", "frequency", EXACT), Slot("E", "equipment", _NAMES), Slot("S", "security", WORDS),
        Slot("M", "marking", WORDS), Slot("O", "nationality", WORDS), Slot("B", "cbrn", WORDS),
        Slot("G", "terrain", WORDS), Slot("H", "hazards", WORDS), Slot("V", "landing_site", WORDS),
        Slot("D", "destination", WORDS), Slot("Z", "state", choice(MedevacRequest, "state")),
        Slot("Q", "casualties", COUNT), Slot("J", "details", _PATIENT, many=True), Slot("YC", "contact", CONTACT),
        Slot("W", "notes", SECTION, many=True),
    ),
    "sitrep": (
        Slot("T", "period", WINDOW), Slot("K", "report_type", choice(SituationReport, "report_type")),
        Slot("R", "report_no", EXACT), Slot("P", "location", POSITION), Slot("N", "place_name", WORDS),
        Slot("Z", "nothing_to_report", YES), Slot("W", "sections", SECTION, many=True),
        Slot("S", "strength", _STRENGTH, many=True), Slot("I", "incidents", _NAMES), Slot("D", "next_contact", TIME),
        Slot("A", "area", AREA),
    ),
    "route-state": (
        Slot("N", "section", WORDS), Slot("K", "trafficable", choice(RouteState, "trafficable")),
        Slot("L", "load_class", COUNT), Slot("P", "position", POSITION), Slot("T", "windows", WINDOW, many=True),
        Slot("E", "one_at_a_time", YES), Slot("C", "lanes", COUNT), Slot("D", "width_m", LENGTH),
        Slot("H", "headway_s", NUMBER), Slot("F", "speed_limit_mps", NUMBER), Slot("W", "remarks", WORDS),
    ),
    "message": (
        Slot("W", "text", WORDS), Slot("T", "at", TIME), Slot("R", "room", WORDS), Slot("S", "sender", UNIT),
        Slot("P", "position", POSITION), Slot("C", "contact", CONTACT),
    ),
    "observation": (
        Slot("T", "observed", TIME), Slot("P", "position", POSITION), Slot("N", "place_name", WORDS),
        Slot("B", "about", EXACT), Slot("W", "activity", WORDS), Slot("S", "size", WORDS), Slot("U", "unit", WORDS),
        Slot("E", "equipment", WORDS), Slot("J", "assessment", WORDS), Slot("A", "area", AREA),
        Slot("H", "altitude_m", NUMBER), Slot("L", "altitude", LIMIT), Slot("G", "confidence", CONFIDENCE),
        Slot("Q", "symbol", EXACT),
    ),
    "liaison-request": (
        Slot("K", "request_kind", choice(LiaisonRequest, "request_kind")), Slot("W", "subject", WORDS),
        Slot("D", "need_by", TIME), Slot("E", "reply_by", TIME), Slot("P", "position", POSITION),
        Slot("A", "area", AREA), Slot("T", "windows", WINDOW, many=True), Slot("I", "items", _ITEM, many=True),
        Slot("J", "purpose", WORDS), Slot("C", "contact", CONTACT), Slot("F", "findings", _NAMES),
        Slot("O", "state", choice(LiaisonRequest, "state")),
    ),
    "liaison-response": (
        Slot("B", "request", REFERENCE), Slot("K", "decision", choice(LiaisonResponse, "decision", whole=SPOKEN)),
        Slot("W", "reason", WORDS), Slot("J", "conditions", WORDS), Slot("T", "schedule", WINDOW),
        Slot("I", "items", _NAMES), Slot("O", "offered", _ITEM, many=True), Slot("P", "proposal", EXACT),
        Slot("N", "version", COUNT),
    ),
    "directive": (
        Slot("K", "directive_kind", choice(Directive, "directive_kind")),
        Slot("M", "action", choice(Directive, "action")), Slot("U", "performers", _UNITS),
        Slot("T", "windows", WINDOW, many=True), *CIRCLE, *_WAY,
        Slot("H", "altitude", BAND), Slot("W", "task", WORDS), Slot("E", "exclusive", YES),
        Slot("V", "supporting", _UNITS),
        Slot("S", "strength", COUNT), Slot("I", "vehicles", listed(VEHICLES)), Slot("B", "buffer_m", LENGTH),
        Slot("O", "on_order_of", WORDS), Slot("N", "serial", EXACT), Slot("Q", "plan_ref", EXACT),
        Slot("D", "action_code", EXACT), Slot("Z", "amends", listed(_CHANGE)), Slot("YR", "supersedes", _REFERENCES),
        Slot("YN", "cancels", _REFERENCES), Slot("YP", "permitted", _REFERENCES),
        Slot("YO", "coordinated_with", _REFERENCES), Slot("F", "constraints", WORDS), Slot("C", "contact", CONTACT),
        Slot("L", "relies_on", _NAMES), Slot("YA", "assets", listed(DEMAND)),
        Slot("YQ", "frequencies_mhz", listed(NUMBER)), Slot("YX", "draft", YES), Slot("YH", "partial", YES),
    ),
    "acknowledgement": (
        Slot("K", "code", EXACT), Slot("W", "note", WORDS), Slot("T", "at", TIME), Slot("U", "by", UNIT),
        Slot("B", "read_back.text", WORDS), Slot("D", "read_back.window", WINDOW), Slot("N", "read_back.place", WORDS),
        Slot("J", "read_back.task", WORDS),
    ),
    "action": (
        Slot("W", "note", WORDS), Slot("O", "officer", WORDS), Slot("F", "findings", _NAMES),
        Slot("U", "until", MICROS),
        Slot("V", "revisions", listed(EXACT)), Slot("A", "authority", WORDS), Slot("YT", "to", EXACT),
    ),
}  # fmt: skip
"""The fields of each kind, in the order in which they are written."""

INNER: Final[dict[str, type]] = {"read_back": ReadBack}
BODIES: Final[dict[str, type[Message]]] = {
    t.KIND: t
    for t in (
        IncidentReport, HazardNotice, MovementNotice, PositionReport, MedevacRequest, SituationReport, RouteState,
        TextMessage, Observation, LiaisonRequest, LiaisonResponse, Directive, Acknowledgement, Action,
    )
}  # fmt: skip

HEADS: Final[dict[str, Head]] = {
    "INC": Head("incident"),
    "FLASH": Head("incident", (("stage", "flash"),)),
    "CFV": Head("incident", (("violation", Violation()), ("category", "violation"))),
    "HAZ": Head("hazard"),
    "MOV": Head("movement"),
    "PAT": Head("movement", (("movement_kind", "patrol"),)),
    "HUM": Head("movement", (("movement_kind", "humanitarian"),)),
    "POS": Head("position"),
    "CASEVAC": Head("medevac"),
    "MEDEVAC": Head("medevac", (("mission_kind", "medevac"),)),
    "SIT": Head("sitrep"),
    "RTE": Head("route-state"),
    "MSG": Head("message"),
    "OBS": Head("observation"),
    "STATUS": Head("observation"),  # of something else: its id is what it is about
    "REQ": Head("liaison-request"),
    "ANS": Head("liaison-response"),
    "FRAGO": Head("directive", (("directive_kind", "frago"),)),
    "TASKORD": Head("directive", (("directive_kind", "taskord"),)),
    "WARNO": Head("directive", (("directive_kind", "warno"),)),
    "OPORD": Head("directive", (("directive_kind", "opord"),)),
    "ORD": Head("directive"),
    "WILCO": Head("acknowledgement", (("step", "wilco"),)),
    "CANTCO": Head("acknowledgement", (("step", "cannot-comply"),)),
    "RCVD": Head("acknowledgement", (("step", "received"),)),
    "UNDST": Head("acknowledgement", (("step", "understood"),)),
    "DLVD": Head("acknowledgement", (("step", "delivered"),)),
    "ACK": Head("action", (("verb", "acknowledge"),)),
    "TAKE": Head("action", (("verb", "take"),)),
    "ESC": Head("action", (("verb", "escalate"),)),
    "RESOLVE": Head("action", (("verb", "resolve"),)),
    "SHELVE": Head("action", (("verb", "shelve"),)),
    "NOTE": Head("action", (("verb", "note"),)),
    "WAIVE": Head("action", (("verb", "waive"),)),
    "HANDOVER": Head("action", (("verb", "handover"),)),
    "DECLINE": Head("action", (("verb", "decline"),)),
    "REOPEN": Head("action", (("verb", "reopen"),)),
}
"""What is written, most special first within a kind; `ALSO` is read as well."""

ALSO: Final[dict[str, str]] = {
    "HAZNOT": "HAZ", "HAZARD": "HAZ", "MOVE": "MOV", "MOVPLAN": "MOV", "PATROL": "PAT", "PATPLAN": "PAT", "HNS": "HUM",
    "CONVOY": "MOV", "POSREP": "POS", "SITREP": "SIT", "ROUTE": "RTE", "BRIDGE": "RTE", "TXT": "MSG", "SPOTREP": "OBS",
    "SALUTE": "OBS", "INCIDENT": "INC", "REQUEST": "REQ", "ANSWER": "ANS", "ROGER": "RCVD",
    "RECEIVED": "RCVD", "UNDERSTOOD": "UNDST", "CANTCOMPLY": "CANTCO", "UNABLE": "CANTCO", "ESCALATE": "ESC",
}  # fmt: skip
OURS: Final = ("ALERT", "FINDING", "RECEIPT", "REFUSED", "PRESENCE")
"""Heads that only the bus writes."""

POINTS_AT: Final = frozenset({"acknowledgement", "action"})
"""Kinds whose head names what they are about; their own id, if they have one, is field XN."""
