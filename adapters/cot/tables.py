"""The words of Cursor on Target and what they mean here: types, relations, attributes. Tables only.

Source: CoT event base schema 2.0 (MITRE) and its list of types; reference formats.md §4.1-§4.6, §8.5.
"""

from collections.abc import Container
from typing import Final, Literal

from schemas.directives import Action
from schemas.envelope import Reality

Step = Literal["delivered", "received", "understood", "wilco", "cannot-comply"]

UNKNOWN: Final = frozenset({"9999999.0", "9999999", "999999.0", "999999"})  # TAK clients and servers (§2.3)
UNKNOWN_TEXT: Final = "9999999.0"
REALITY: Final[dict[str, Reality]] = {"o": "real", "e": "exercise", "s": "exercise"}  # opex, first letter
TEST: Final = "e-test"  # opex of what this bus wrote as a test

AFFILIATION: Final = {  # second atom of a type; j and k are exercise identities
    "p": "pending", "u": "unknown", "a": "friend", "f": "friend", "n": "neutral", "s": "suspect",
    "h": "hostile", "j": "suspect", "k": "hostile", "o": "other", "x": "other",
}  # fmt: skip

CONTROL: Final = ("t-x-c-t", "t-x-takp", "t-x-m")  # pings, protocol negotiation, mission packages: never published

KINDS: Final = {  # the beginning of a type -> kind; the longest that fits counts
    "a": "position",
    "b-t-f": "message",
    "b-t-f-d": "acknowledgement",
    "b-t-f-r": "acknowledgement",
    "b-r-f-h-c": "medevac",
    "b-a": "incident",
    "b-l": "incident",
    "b-d": "incident",
    "b-m-r": "movement",
    "t": "directive",
    "t-u-q": "liaison-request",
    "y": "acknowledgement",
}
OTHERWISE: Final = "observation"

# -- emergencies and alarms: category and stage of an incident -------------------------------------------------------

INCIDENTS: Final = {"b-a": ("emergency", "flash"), "b-l": ("alarm", "flash"), "b-d": ("detection", "initial")}
CANCELS_EMERGENCY: Final = "b-a-o-can"
EMERGENCIES: Final = {  # type -> what the element says (§4.5)
    "b-a-o-tbl": "911 Alert",
    "b-a-o-pan": "Ring The Bell",
    "b-a-o-opn": "In Contact",
    "b-a-g": "Geo-fence Breached",
    "b-a-o-c": "Custom",
}
EMERGENCY_TYPES: Final = {word.lower(): kind for kind, word in EMERGENCIES.items()} | {"troops in contact": "b-a-o-opn"}

# -- tasks and replies ------------------------------------------------------------------------------------------------

DELETE: Final = "t-x-d-d"
CANCELS_TASK: Final = "t-u-z"
ASKS_TASK: Final = "t-u-q"
ACTIONS: Final[dict[str, Action]] = {  # the beginning of a tasking's type; the longest that fits counts (§8.5)
    "t": "other",
    "t-r": "move",
    "t-s": "observe",
    "t-a": "air-mission",
    "t-a-d": "resupply",
    "t-x-v-m": "medevac",
    "t-k": "use-of-force",
}
TASK_TYPES: Final[dict[str, str]] = {  # an action -> the type it is written as
    "move": "t-r",
    "observe": "t-s",
    "air-mission": "t-a",
    "resupply": "t-a-d",
    "medevac": "t-x-v-m",
}
OTHER_TASK: Final = "t-x"  # all the rest, use of force among them: nothing here ever writes a strike (design §1)

REPLIES: Final[dict[str, tuple[Step, str]]] = {  # the beginning of a reply's type -> step and code; longest counts
    "b-t-f-d": ("delivered", ""),
    "b-t-f-r": ("received", ""),
    "y": ("received", ""),
    "y-a": ("received", ""),
    "y-a-r": ("received", ""),
    "y-a-w": ("wilco", ""),
    "y-c": ("wilco", "COMPLETE"),
    "y-c-s": ("wilco", "COMPLETE"),
    "y-c-f": ("cannot-comply", ""),
    "y-c-f-a": ("cannot-comply", "NO-CAPACITY"),
    "y-c-f-i": ("cannot-comply", "NOT-UNDERSTOOD"),
    "y-c-f-b": ("cannot-comply", "OTHER"),
    "y-c-f-r": ("cannot-comply", "OTHER"),
    "y-c-f-s": ("cannot-comply", "OTHER"),
    "y-c-f-x": ("cannot-comply", "OTHER"),
    "y-c-f-b-v": ("cannot-comply", "NATIONAL-RESTRICTION"),
    "y-c-f-b-p": ("cannot-comply", "UNSAFE"),
    "y-s": ("received", "STATUS"),
    "y-s-p": ("received", "PLANNING"),
    "y-s-a": ("received", "APPROVED"),
    "y-s-e": ("wilco", "EXECUTING"),
    "y-s-x": ("cannot-comply", "CANCELLED"),
}
REPLY_TYPES: Final[dict[tuple[str, str], str]] = {
    ("delivered", ""): "b-t-f-d",
    ("received", ""): "y-a-r",
    ("wilco", ""): "y-a-w",
    ("wilco", "COMPLETE"): "y-c-s",
    ("wilco", "EXECUTING"): "y-s-e",
    ("received", "STATUS"): "y-s",
    ("received", "PLANNING"): "y-s-p",
    ("received", "APPROVED"): "y-s-a",
    ("cannot-comply", ""): "y-c-f",
    ("cannot-comply", "NO-CAPACITY"): "y-c-f-a",
    ("cannot-comply", "NOT-UNDERSTOOD"): "y-c-f-i",
    ("cannot-comply", "NATIONAL-RESTRICTION"): "y-c-f-b-v",
    ("cannot-comply", "UNSAFE"): "y-c-f-b-p",
    ("cannot-comply", "CANCELLED"): "y-s-x",
}
ANY_REPLY: Final[dict[str, str]] = {  # for a step with a code that no type says
    "delivered": "b-t-f-d",
    "received": "y-a-r",
    "understood": "y-a-r",
    "wilco": "y-a-w",
    "cannot-comply": "y-c-f",
}

# -- routes and shapes ------------------------------------------------------------------------------------------------

METHODS: Final = {"driving": "vehicle", "walking": "foot", "flying": "air", "watercraft": "boat"}  # link_attr@method
METHOD_WORDS: Final = {"vehicle": "Driving", "foot": "Walking", "air": "Flying", "boat": "Watercraft"}
MOVES_BY: Final = {"air": "flight", "boat": "vessel"}  # what a route by this method is, if nobody says
SHAPES: Final = {"Polygon": "u-d-p", "Circle": "u-d-c-c", "Ellipse": "u-d-c-e", "Corridor": "u-d-f", "Line": "u-d-f"}
MARKER: Final = "b-m-p-s-m"  # what is no drawing
CLOSED: Final = ("u-d-p", "u-d-r")  # types whose line is closed even if it does not come back to its first corner

# -- the nine lines ---------------------------------------------------------------------------------------------------

PRECEDENCES: Final = ("urgent", "urgent_surgical", "priority", "routine", "convenience")  # 9-line 3
EQUIPMENT: Final = ("equipment_none", "hoist", "extraction_equipment", "ventilator", "blood", "equipment_other")  # 4
NATIONALITY: Final = (  # 9-line 8; "us" is the sender's own nation
    "us_military", "us_civilian", "nonus_military", "nonus_civilian", "non_us_military", "non_us_civilian",
    "epw", "child",
)  # fmt: skip
TERRAIN: Final = (  # 9-line 9
    "terrain_none", "terrain_slope", "terrain_rough", "terrain_loose", "terrain_trees", "terrain_wires",
    "terrain_other",
)  # fmt: skip
DETAILS: Final = (  # words beside the lines, each under its own name
    "title", "equipment_detail", "hlz_other", "marked_by", "zone_prot_marker", "zone_prot_selection",
    "zone_protected_coord", "terrain_slope_dir", "terrain_other_detail", "obstacles", "winds_are_from", "friendlies",
    "enemy", "hlz_remarks",
)  # fmt: skip
NUMBERED: Final = {  # words that some clients write as their number, counted from 0 or from 1 (§4.4)
    "security": ("N", "P", "E", "X"),
    "hlz_marking": ("Panels", "Pyro", "Smoke", "None", "Other"),
}
MIST: Final = {"m": "mechanism", "i": "injuries", "s": "signs", "t": "treatment"}  # of a zMist


def longest(table: Container[str], kind: str) -> str:
    """Return the longest beginning of a type that a table has ("" if none): whole atoms only."""
    while kind and kind not in table:
        kind = kind.rpartition("-")[0]
    return kind
