"""How far each performer is with an order in force, and whether the order is coordinated.

The steps are those of an acknowledgement; each implies the ones before it. "Understood" takes a read-back in which
something is as ordered and nothing is different. The latest read-back counts: while it is wrong, the unit stands at
``misread``, whatever else it said, unless it cannot comply. An order is coordinated once every acting unit said wilco
to it as it is in force; who issued the change has said so by that. Source: design §5; domain.md R-04, R-06, R-15.
"""

from typing import Final, Literal

import msgspec

from coordinator.core.deconfliction.active import Version, participant, versions
from coordinator.core.deconfliction.answers import answer
from coordinator.core.deconfliction.hearing import heard, is_about
from coordinator.core.deconfliction.ledger import Item, Key, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.orders.misread import STEPS, by_time, compared
from coordinator.core.orders.readback import Compared, Frame, differences
from schemas.acknowledgements import CODES, Acknowledgement
from schemas.directives import Directive

State = Literal[
    "sent", "delivered", "received", "misread", "understood", "wilco", "cannot-comply", "own", "withheld",
]  # fmt: skip
OTHER: Final = CODES[-1]
MAX_HEARD: Final = 50  # acknowledgements of one performer that are named, the newest


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a participant said, and when it said so first (microseconds UTC); ``of`` names what it spoke of."""

    step: str
    at: int
    of: str
    code: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one performer is with an order. ``earlier`` was said to a version that is in force no more.

    ``heard`` are its newest acknowledgements by name (``<id>:<revision>``): whoever sent one sees that it was read.
    """

    participant: str
    state: State
    units: tuple[str, ...] = ()
    code: str = ""
    steps: tuple[Step, ...] = ()
    compared: tuple[Compared, ...] = ()
    earlier: tuple[Step, ...] = ()
    heard: tuple[str, ...] = ()


class OrderState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order as it is in force, ``since`` a time and by the messages ``named``, with its performers."""

    order: str
    originator: str
    since: int
    named: tuple[str, ...]
    in_force: bool
    coordinated: bool
    acting: int  # how many participants act on it, also those that a reader is not shown
    performers: tuple[Standing, ...] = ()


def order_state(ledger: Ledger, key: Key, setting: Setting, frame: Frame) -> OrderState | None:
    """Return how far an order is, or None if it was never seen."""
    known = versions(ledger, key, setting)
    if not known:
        return None
    last = known[-1]
    found = tuple(standing(ledger, last, who, setting, frame) for who in last.performers)
    return OrderState(
        order=key[1],
        originator=key[0],
        since=last.since,
        named=last.named,
        in_force=last.body is not None,
        coordinated=last.body is not None and bool(found) and all(s.state in ("wilco", "own") for s in found),
        acting=len(found),
        performers=found,
    )


def standing(ledger: Ledger, of: Version, who: str, setting: Setting, frame: Frame) -> Standing:
    """Return how far one performer is with a version of an order."""
    said = sorted(heard(ledger, of, who), key=by_time)
    now, before = [i for i in said if is_about(ledger, i, of)], [i for i in said if not is_about(ledger, i, of)]
    read_back = compared(ledger, of, who, now, setting, frame)
    final = answer(ledger, of, who, setting, frame)
    own = any(i.key[0] == who for i in of.news)
    return Standing(
        participant=who,
        state="own" if own and not final else _state(now, read_back, final),
        units=_units(of, who, setting),
        code=_code(now) if final == "cannot-comply" else "",
        steps=_firsts(now),
        compared=read_back,
        earlier=_firsts(before),
        heard=tuple(sorted({i.name for i in said[-MAX_HEARD:]})),
    )


def _state(said: list[Item], compared: tuple[Compared, ...], final: str) -> State:
    """Return the furthest step that holds: a wrong read-back holds everything behind it up (see `answers`)."""
    if final == "cannot-comply":
        return "cannot-comply"
    if any(differences(compared)):
        return "misread"
    if final == "wilco":
        return "wilco"
    steps = {_body(i).step for i in said}
    if "understood" in steps and any(c.verdict == "same" for c in compared):
        return "understood"
    return "received" if steps & {"understood", "received"} else "delivered" if "delivered" in steps else "sent"


def _units(of: Version, who: str, setting: Setting) -> tuple[str, ...]:
    body = of.body or of.item.body
    units = body.performers if isinstance(body, Directive) else ()
    return tuple(u.callsign or u.name or u.id for u in units if participant(u, setting) == who)


def _firsts(said: list[Item]) -> tuple[Step, ...]:
    """Return each step to each message once, when it was said first."""
    found: dict[tuple[str, str], Step] = {}
    for i in said:
        body = _body(i)
        step = Step(step=body.step, at=i.issued, of=body.of.id, code=known_code(body))
        found.setdefault((step.step, step.of), step)
    return tuple(sorted(found.values(), key=lambda s: (s.at, STEPS.index(s.step), s.of)))


def _code(said: list[Item]) -> str:
    return next((known_code(_body(i)) for i in reversed(said) if _body(i).step == "cannot-comply"), "")


def known_code(body: Acknowledgement) -> str:
    """Return the code of a refusal; what is not in the list is OTHER."""
    if body.step != "cannot-comply":
        return ""
    code = body.code.strip().upper().replace("_", "-").replace(" ", "-")
    return code if code in CODES else OTHER


def _body(item: Item) -> Acknowledgement:
    body = item.body
    if not isinstance(body, Acknowledgement):
        raise TypeError(f"{item.name} is no acknowledgement")  # the ledger keeps them apart
    return body
