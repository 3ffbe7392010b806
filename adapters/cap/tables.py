"""The words of CAP and what they become. Source: OASIS CAP 1.2 (1 July 2010) §3.2; reference formats.md §6.1."""

from typing import Final, Literal, get_args

from schemas.alerts import AlertKind, CapCertainty, CapSeverity, CapUrgency
from schemas.envelope import Reality
from schemas.findings import Certainty

NAMESPACES: Final = {
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "http://www.incident.com/cap/1.0": "1.0",
}
NAMESPACE: Final = next(iter(NAMESPACES))  # the one that is written

ORDER: Final = {
    "alert": (
        "identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses", "code",
        "note", "references", "incidents", "info",
    ),
    "info": (
        "language", "category", "event", "responseType", "urgency", "severity", "certainty", "audience", "eventCode",
        "effective", "onset", "expires", "senderName", "headline", "description", "instruction", "web", "contact",
        "parameter", "resource", "area",
    ),
    "area": ("areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling"),
    "resource": ("resourceDesc", "mimeType", "size", "uri", "derefUri", "digest"),
    "parameter": ("valueName", "value"), "eventCode": ("valueName", "value"), "geocode": ("valueName", "value"),
}  # fmt: skip

REALITY: Final[dict[str, Reality]] = {
    "Actual": "real",
    "Exercise": "exercise",
    "System": "test",  # between warning systems, for no reader
    "Test": "test",
    "Draft": "test",  # not to be acted on
}
STATUSES: Final = tuple(REALITY)
STATUS: Final[dict[Reality, str]] = {"real": "Actual", "exercise": "Exercise", "test": "Test"}
MESSAGE_TYPES: Final = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES: Final = ("Public", "Restricted", "Private")

URGENCY: Final = get_args(CapUrgency)
SEVERITY: Final = get_args(CapSeverity)  # worst first
CERTAINTY: Final = get_args(CapCertainty)

KIND: Final[dict[str, Literal["hazard", "incident"]]] = {
    "Geo": "hazard", "Met": "hazard", "Safety": "hazard", "Fire": "hazard", "Env": "hazard", "CBRNE": "hazard",
    "Security": "incident", "Rescue": "incident", "Health": "incident", "Transport": "incident", "Infra": "incident",
    "Other": "incident",
}  # fmt: skip
"""By the first category. Where a danger lies is a hazard; what befell people or things is an incident."""

HAZARD_WORDS: Final = (  # in the event, without case and accents, as a word; the first that is found
    ("uxo", "uxo"), ("ied", "uxo"), ("unexploded", "uxo"), ("erw", "uxo"),
    ("mine", "mine"), ("mines", "mine"), ("minefield", "mine"), ("landmine", "mine"), ("landmines", "mine"),
    ("demolition", "demolition"), ("blasting", "demolition"), ("firing", "range"), ("range", "range"),
    ("illumination", "illumination"), ("spraying", "spray"), ("spray", "spray"), ("impact", "impact"),
    ("fire", "fire"), ("wildfire", "fire"), ("bushfire", "fire"),
)  # fmt: skip
"""An event that says one of these is a hazard of that kind, whatever its category; any other hazard is "other"."""

HAZARD_CATEGORY: Final = {"fire": "Fire", "spray": "Env", "other": "Safety"}  # any other kind: Safety
HAZARD_EVENT: Final = {
    "range": "Live firing", "demolition": "Demolition", "illumination": "Illumination", "fire": "Fire",
    "spray": "Spraying", "uxo": "Unexploded ordnance", "mine": "Mines", "impact": "Impact area", "other": "Hazard",
}  # fmt: skip

KEEP_AWAY: Final = frozenset({"Shelter", "Evacuate", "Avoid"})
"""Responses that make an alert with an area a hazard, whatever its category."""
ALL_CLEAR: Final = "AllClear"

KIND_PARAMETER: Final = "bus_kind"
ENDING_PARAMETER: Final = "eventEndingTime"  # of weather services: when the event ends, whenever the alert expires
HAZARD_PARAMETERS: Final = ("remarks", "hazard_kind", "state", "error_m", "safety_radius_m")
INCIDENT_PARAMETERS: Final = (
    "category", "subcategory", "stage", "place_name", "activity", "damage", "hazards", "access", "action_taken",
    "action_requested", "assessment", "safety_radius_m", "danger", "casualties.killed", "casualties.injured",
    "casualties.missing", "casualties.detained", "casualties.displaced",
)  # fmt: skip
"""Fields that travel as parameters under their own name, and are read back from there."""

STEP_CODE: Final = "step="  # in `code`: the step of an acknowledgement that is neither received nor refused
PRECEDENCE_CODE: Final = "precedence="
WITHDRAWN_CODE: Final = "withdraws="  # the kind of what a Cancel withdraws, where it is no hazard
REPLY_CODE: Final = "reply="  # the code of a cannot-comply

EVENTS: Final[dict[AlertKind, tuple[str, str]]] = {  # category and event of a card
    "conflict": ("Safety", "Directive conflict"),
    "contact-lost": ("Other", "Contact lost"),
    "late-acknowledgement": ("Other", "Acknowledgement overdue"),
    "not-accepted": ("Other", "Action not accepted"),
    "integrity": ("Security", "Record integrity"),
    "overdue": ("Rescue", "Overdue"),
    "medical": ("Health", "Medical"),
    "security": ("Security", "Security"),
}
FINDING_CERTAINTY: Final[dict[Certainty, CapCertainty]] = {
    "definite": "Likely", "possible": "Possible", "unknown": "Unknown",
}  # fmt: skip  # two orders that clash have not clashed yet: never "Observed"
