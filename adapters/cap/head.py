"""What an alert says of itself: who sent what when, for whom, and which alerts it names.

What must be there and is not refuses the alert; what is written in another way than the standard's is read with a
warning. Source: OASIS CAP 1.2 §3.2.1; reference formats.md §6.1.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, get_args

import msgspec

from adapters import markings
from adapters.base import Context, Rejected
from adapters.branches import Branch
from adapters.cap import info, tables
from adapters.cap.identity import Named, is_participant, named
from schemas.acknowledgements import Acknowledgement
from schemas.envelope import Reality, Reference, Warning
from schemas.label import Category, Label
from schemas.subjects import Precedence
from schemas.time import TimeValue

QUOTED: Final = re.compile(r'"([^"]*)"|(\S+)')  # names in a list, those with blanks in quotes
_FORBIDDEN: Final = re.compile(r"[\s,<&]")
_MAX_REFERENCES: Final = 200
_CLOCK_US: Final = 300_000_000  # five minutes (§2.2)


class Head(NamedTuple):
    """What an alert says of itself."""

    alert: Branch
    blocks: list[Branch]
    sender: str
    identifier: str
    identity: Named
    message_type: str
    sent: TimeValue
    reality: Reality
    label: Label
    references: tuple[Reference, ...]  # the alerts that it names
    codes: dict[str, str]
    note: str
    system: bool
    zone: str  # the mission's, for times without one


def read(alert: Branch, context: Context, warnings: list[Warning]) -> Head:
    """Return the head of an alert; what is odd about it is warned of.

    Raises:
        Rejected: identifier, sender, sent, status or scope is missing, or cannot be read.
    """
    identifier, sender = _needed(alert, "identifier"), _needed(alert, "sender")
    raw = _needed(alert, "sent")
    status = _word(alert, "status", tables.STATUSES, warnings)
    message_type = _word(alert, "msgType", tables.MESSAGE_TYPES, warnings)
    scope = _word(alert, "scope", tables.SCOPES, warnings)
    for name, value in (("identifier", identifier), ("sender", sender)):
        if _FORBIDDEN.search(value):
            text = "blanks, commas, < and & are forbidden there: references to it may not find it"
            warnings.append(Warning(code="forbidden-character", path=f"alert/{name}", text=text))
    sent = info.instant(raw, "alert/sent", context.zone, warnings)
    if sent.utc is None:
        hint = "write the time with its offset, UTC as -00:00: 2027-03-14T07:00:00-00:00"
        raise Rejected("alert/sent", f'"{raw[:40]}" names no instant', hint)
    _clock(sent.utc, context, warnings)
    if status == "Draft":
        warnings.append(
            Warning(code="draft", path="alert/status", text="a draft is not to be acted on: read as a test")
        )
    codes = _codes(alert)
    label = _label(alert, scope, warnings)
    references = (*_references(alert, warnings),) if "references" in alert.names else ()
    return Head(
        alert, alert.each("info"), sender, identifier, named(sender, identifier, raw), message_type, sent,
        tables.REALITY[status], label, references, codes, alert.text("note"), status == "System", context.zone,
    )  # fmt: skip


def _needed(alert: Branch, name: str) -> str:
    value = alert.text(name)
    if not value:
        hint = f"an alert has {'an' if name[0] in 'aeiou' else 'a'} {name}; see CAP 1.2, section 3.2.1"
        raise Rejected(f"alert/{name}", "it is missing", hint)
    return value


def _word(alert: Branch, name: str, known: tuple[str, ...], warnings: list[Warning]) -> str:
    """Take one of the words of a list; one in other letters is that word, with a warning."""
    said = _needed(alert, name)
    if said in known:
        return said
    word = next((w for w in known if w.lower() == said.lower()), "")
    if not word:
        raise Rejected(f"alert/{name}", f'"{said[:40]}" is none of its values', f"write one of: {', '.join(known)}")
    warnings.append(Warning(code="spelling", path=f"alert/{name}", text=f'"{said}" was read as "{word}"'))
    return word


def _clock(sent: int, context: Context, warnings: list[Warning]) -> None:
    ahead = sent - context.received_at
    if context.received_at and ahead > _CLOCK_US:
        text = f"sent {ahead / 1e6:.0f} s after it was received: a wrong clock"
        warnings.append(Warning(code="clock", path="alert/sent", text=text))


def _codes(alert: Branch) -> dict[str, str]:
    """Take the handling codes that the bus wrote; the others go into the label."""
    known: dict[str, str] = {}
    if "code" not in alert.names:
        return known
    for code in alert.each("code"):
        name, sign, value = alert.leaves.get(code.path, "").strip().partition("=")
        allowed = _CODES.get(name + sign)
        if allowed and value in allowed and name + sign not in known:
            known[name + sign] = value
            code.own()
    return known


_STEPS: Final = get_args(Acknowledgement.__annotations__["step"])
_REPLIES: Final = ("NATIONAL-RESTRICTION", "NO-CAPACITY", "UNSAFE", "NOT-UNDERSTOOD", "OTHER")
_CODES: Final[dict[str, tuple[str, ...]]] = {
    tables.STEP_CODE: _STEPS,
    tables.REPLY_CODE: _REPLIES,
    tables.WITHDRAWN_CODE: ("hazard", "incident", "message"),
    tables.PRECEDENCE_CODE: get_args(Precedence),
}


def _label(alert: Branch, scope: str, warnings: list[Warning]) -> Label:
    """Return whom it may be released to. A restriction that nobody here knows is read as the strictest."""
    codes = tuple([value for code in alert.each("code") if (value := code.own())]) if "code" in alert.names else ()
    label = _PUBLIC
    categories = (Category(tag="code", type="INFORMATIVE", values=codes),) if codes else ()
    if scope == "Restricted":
        restriction = alert.text("restriction")
        label = markings.read(restriction) if restriction else Label(releasable_to=())
        if not restriction:
            _only_originator("restriction", scope, warnings)
    elif scope == "Private":
        addresses = tuple([a or b for a, b in QUOTED.findall(alert.text("addresses"))])
        label = Label(releasable_to=addresses, raw="Private")
        if not addresses:
            _only_originator("addresses", scope, warnings)
    for name in ("restriction", "addresses"):
        if name in alert.names and not alert.peek(name):
            alert.text(name)  # there and empty: it says nothing
    return msgspec.structs.replace(label, categories=categories) if categories else label


_PUBLIC: Final = Label(raw="Public")


def _only_originator(name: str, scope: str, warnings: list[Warning]) -> None:
    text = f"{scope} without {name}: nobody but its originator may read it"
    warnings.append(Warning(code="empty", path=f"alert/{name}", text=text))


def _references(alert: Branch, warnings: list[Warning]) -> Iterator[Reference]:
    """Take the alerts and the incidents that it names; a list that cannot be read stays where it is."""
    listed, path = alert.peek("references").split(), "alert/references"
    if len(listed) > _MAX_REFERENCES:
        raise Rejected(path, f"it names {len(listed)} alerts", f"name at most {_MAX_REFERENCES}")
    parts = [(sender, *rest.rpartition(",")[::2]) for sender, _, rest in (t.partition(",") for t in listed)]
    if all(all(p) for p in parts):
        alert.text("references")
        for sender, identifier, sent in parts:
            found = named(sender, identifier, sent)
            originator = sender if is_participant(sender) else ""
            yield Reference(id=found.id, revision=found.revision, originator=originator)
    else:
        text = "not every part of it is sender,identifier,sent: nothing was replaced or withdrawn"
        warnings.append(Warning(code="references-unread", path=path, text=text))
