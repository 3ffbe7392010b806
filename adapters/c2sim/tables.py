"""What the codes of C2SIM mean on the bus. The code itself is always kept beside its meaning.

Source: SISO-STD-019-2020, SISO-STD-020-2020 (code lists of JC3IEDM); reference formats.md §8.1, §8.5.
"""

from collections.abc import Mapping
from typing import Final, Literal

from schemas.directives import Action

Step = Literal["delivered", "received", "understood", "wilco", "cannot-comply"]
Relation = Literal["after-start", "after-end", "before-start"]

_CODES: Final[dict[Action, str]] = {  # formats.md §8.5; older and newer drafts spell some of them in two ways
    "move": "MOVE MoveToLocation ADVANC TRANS TRVRS WITHDR REDEPL DEPLOY",
    "patrol": "PATROL RECCE SCOUT",
    "observe": "OBSRV Observe RECVIS SURVEL VERIFY WITNES MAP PHOTO",
    "hold": "OCCUPY HoldInPlace ASSMBL SETUP RETAIN",
    "secure": "SECURE SECURT GUARD COVER SCREEN PRVSCY",
    "escort": "ESCRT",
    "block": "BLOCK DENY ISOLAT CLOSE AVOID",
    "clear": "CLRLND CLROBS MINSWP BREACH SWEEP",
    "engineer": "CONSTR REPAIR RECUPR",
    "resupply": "RESUPL REFUEL DSTRBT LIFT AIRLND ARDROP",
    "medevac": "MEDEVC AEREVA EVACT EVACTN RESCUE SAR",
    "air-mission": "AIRSUP ARROBS HONASP",
    "search": "SERCH CAPPRT",
    "use-of-force": "ATTACK DESTRY SUPPRS INTDCT AMBUSH",
    "comms": "JAM ELCWAR INFOOP",
    "aid": "PRVHLT PRVSHL PRVTRS",
}
ACTIONS: Final[Mapping[str, Action]] = {
    code.upper(): action for action, codes in _CODES.items() for code in codes.split()
}
CODES: Final[Mapping[str, str]] = {action: codes.split()[0] for action, codes in _CODES.items()}
"""The code that is written for an action whose source had none; the rest have no code that says the same."""

RELATIONS: Final[Mapping[str, Relation]] = {
    "STREND": "after-end", "STRENE": "after-end",  # starts at, or not before, the other's end
    "STRSTR": "after-start", "STRSNE": "after-start",
    "ENDSTR": "before-start", "ENDSNL": "before-start",  # ends at, or not after, the other's start
}  # fmt: skip
ASSOCIATIONS: Final[Mapping[str, str]] = {"after-end": "STRENE", "after-start": "STRSNE", "before-start": "ENDSNL"}
ANCHORS: Final[Mapping[str, Literal["start", "end"]]] = {"INTERVALSTARTTIME": "start", "INTERVALENDTIME": "end"}

ACKNOWLEDGED: Final[Mapping[str, tuple[Step, str]]] = {  # code -> step, reason; success of a system is no "wilco"
    "ACKRCVD": ("received", ""),
    "ACKSUCC": ("received", ""),
    "ACKFAIL": ("cannot-comply", "OTHER"),
    "ACKNOTEXEC": ("cannot-comply", "OTHER"),
    "ACKNOTRECGNZ": ("cannot-comply", "NOT-UNDERSTOOD"),
    "ACKNOTUNDSTD": ("cannot-comply", "NOT-UNDERSTOOD"),
}
ANSWERED: Final[Mapping[str, Literal["accept", "decline"]]] = {"ACKREQGRT": "accept", "ACKREQDEN": "decline"}
TASK_STATUS: Final[Mapping[str, tuple[Step, str]]] = {  # whoever carries a task out has said that it will
    "TASKPEND": ("received", ""),
    "TASKSTRT": ("wilco", ""),
    "TASKINPRG": ("wilco", ""),
    "TASKCMPLT": ("wilco", ""),
    "TASKABRT": ("cannot-comply", "OTHER"),
}
STEP_CODES: Final[Mapping[str, str]] = {
    "delivered": "ACKRCVD", "received": "ACKRCVD", "understood": "ACKRCVD", "wilco": "ACKRCVD",
    "cannot-comply": "ACKNOTEXEC",
}  # fmt: skip
"""What is written for a step whose source had no code of its own; what it says too little of is listed as a loss."""
