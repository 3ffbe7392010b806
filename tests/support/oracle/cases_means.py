"""Cases about shared means, frequencies, dependencies and travel."""

from typing import Any, Final

from msgspec.structs import replace

from schemas.directives import AssetDemand, Dependency, Directive, Vehicles
from schemas.envelope import Envelope
from schemas.notices import MovementNotice
from tests.support.oracle.making import ANCHORS, HQS, UNITS, Making, pact, ref, unit


def assets(m: Making) -> list[Envelope]:
    """Two or three that want the same means, at one time, one after the other, or apart."""
    first = m.exact()
    messages = []
    for name in m.one("ab", "ab", "abc"):
        when = m.one(first, m.beside(first, 900.0), m.exact())
        wanted = tuple(m.one(*DEMANDS) for _ in range(m.one(1, 1, 2)))
        fields: Any = {"windows": (m.loose(when) if m.chance(0.25) else when,), "assets": wanted}
        if m.chance(0.2):
            fields["coordinated_with"] = (ref(m.one("a", "b", "c")),)
        body = m.one(Directive(directive_kind="frago", action="hold", **fields),
                     MovementNotice(movement_kind=m.one("admin", "humanitarian"), **fields))  # fmt: skip
        if isinstance(body, Directive) and m.chance(0.2):
            body = replace(body, permitted=(ref(m.one("a", "b")),), draft=m.chance(0.2))
        messages.append(m.said(body, m.issuer(body), name))
    return [*messages, *pact(m, messages)] if m.chance(0.15) else messages


DEMANDS: Final = tuple(
    AssetDemand(name=n, amount=a)
    for n, a in (("crane", 1.0), ("grue", 1.0), ("crane 2", 0.5), ("water", 60.0), ("water", 40.0), ("water", 40.1),
                 ("water", 100.0), ("water", 101.0), ("ferry", 1.0), ("water", 0.0))
)  # fmt: skip


def radio(m: Making) -> list[Envelope]:
    """Two on frequencies near each other, or near one that is kept, at about the distance that counts."""
    first, at = m.exact(), m.one(*ANCHORS)
    there = m.off(at, m.random.uniform(0, 700) + m.one(0.0, 300.0, 900.0))
    messages = []
    for name, where, when in (("a", at, first), ("b", there, m.one(first, m.beside(first, 0.0)))):
        on = tuple(m.one(31.0, 31.02, 31.025, 31.024999, 40.5, 40.46, 243.0, 300.0, 300.099999, 87.99, 88.0, 88.01)
                   for _ in range(m.one(1, 1, 2)))  # fmt: skip
        fields: Any = {"windows": (m.loose(when) if m.chance(0.2) else when,), "frequencies_mhz": on,
                       "area": m.shape(where) if m.chance(0.9) else None}  # fmt: skip
        performers = (unit(m.one(*UNITS, "ocha-cmc")),) if m.chance(0.5) else ()
        order = Directive(directive_kind="frago", action="comms", performers=performers, **fields)
        body = m.one(order, MovementNotice(movement_kind=m.one("logistics", "humanitarian"), **fields))
        messages.append(m.said(body, m.issuer(body), name))
    return [*messages, *pact(m, messages)] if m.chance(0.1) else messages


def needs(m: Making) -> list[Envelope]:
    """An order that hangs on another one, in time or in place."""
    first, at = m.exact(), m.one(*ANCHORS)
    relation: Any = m.one("after-start", "after-end", "before-start", "relief-of", "covered-by", "covered-by")
    offset = m.one(0.0, 0.0, 600.0, -600.0)
    cover = relation == "covered-by"
    second = m.exact(m.one(first.start_earliest), 400) if cover else m.beside(first, offset)
    own = first if cover or m.chance(0.7) else m.loose(first)
    there = m.off(at, m.random.uniform(0, 500))
    hangs = Directive(
        directive_kind="frago", action="escort", windows=(own,), area=m.circle(at, 100.0),
        dependencies=(Dependency(task="b", relation=relation, offset_s=offset),),
    )  # fmt: skip
    other = Directive(directive_kind="frago", action="hold", windows=(m.loose(second) if m.chance(0.3) else second,),
                      area=m.circle(there, m.random.uniform(50, 500)) if m.chance(0.9) else None)  # fmt: skip
    messages = [m.said(hangs, m.one(*HQS), "a"), m.said(other, m.one(*HQS), "b")]
    return [*messages, m.cancelled(messages[1])] if m.chance(0.1) else messages


def travel(m: Making) -> list[Envelope]:
    """Two tasks of one unit, one soon after the other, some way apart."""
    first, at = m.exact(longest=60), m.one(*ANCHORS)
    assert first.end_latest is not None
    rest = m.one(0, 1799, 1800, 1801, 2000, 2400, 3600, 6 * 3600, 6 * 3600 + 1) * 1_000_000
    second = m.exact(first.end_latest + rest)
    there = m.off(at, m.one(0.0, 1000.0, 3000.0, 8000.0, 30_000.0))
    drives = (Vehicles(type="truck", load_class=8),)
    who = m.one(*UNITS[:2])
    messages = []
    for name, where, when in (("a", at, first), ("b", there, second)):
        body = Directive(
            directive_kind="frago", action="hold", windows=(m.loose(when) if m.chance(0.2) else when,), vehicles=drives,
            area=m.circle(where, 50.0) if m.chance(0.95) else None, partial=m.chance(0.05),
            performers=(unit(who if m.chance(0.9) else m.one(*UNITS)),),
        )  # fmt: skip
        messages.append(m.said(body, m.one(*HQS), name))
    return messages if m.chance(0.5) else messages[::-1]
