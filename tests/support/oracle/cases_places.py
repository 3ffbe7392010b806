"""Cases about zones, areas of responsibility and caveats: near borders, in and out of times, permitted or not."""

from typing import Any, Final

from msgspec.structs import replace

from schemas import registry
from schemas.directives import Agreement, Caveat, Directive
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Named
from schemas.notices import MovementNotice
from schemas.time import TimeWindow
from tests.support.full import STEP
from tests.support.oracle.making import ANCHORS, CLASSES, EARLY, HQS, NOW, UNITS, Making, ref, unit
from tests.support.v1 import DAY, HOUR, MINUTE


def ground(m: Making) -> list[Envelope]:
    """An activity in or near a zone, a line or another's area, and what may permit it."""
    at = m.off(m.one(*SPOTS), m.random.uniform(0, 700))
    when = m.exact(NOW + m.one(0, 1, 2, 4, 6, 13, 22) * HOUR + m.one(0, 0, -MINUTE, 1, -1), 300)
    fields: Any = {"windows": (m.loose(when) if m.chance(0.2) else when,), "area": m.shape(at)}
    kind = m.one("armed", "closure", "use", "air", "humanitarian", "explosive", "escort", "protected")
    body = CLASSES[kind](**fields)
    if m.chance(0.4) and kind != "protected":
        body = replace(body, altitude=m.band())
    if isinstance(body, Directive) and m.chance(0.6):
        body = replace(body, performers=(unit(m.one(*UNITS)),))
    name = m.one("a", "a", "o1")
    messages = [m.said(body, m.issuer(body), name, revision=m.one(1, 1, 2))]
    if m.chance(0.35):
        messages.append(_permission(m, name, messages[0].originator))
    if m.chance(0.3):
        messages.append(_truce(m, at))
    return [*messages, *_host(m, messages[0], fields)] if kind != "protected" and m.chance(0.15) else messages


SPOTS: Final = (
    (-27.0 + 3 * STEP, 2.0 + 3 * STEP), (-27.0 + 2 * STEP, 2.0 - 2 * STEP), (-27.0 - 2 * STEP, 2.0 - 2 * STEP),
    (-27.0, 2.0 + 3 * STEP), (-27.0, 2.0), (-27.0 + 5 * STEP, 2.0), (-27.0 - 5 * STEP, 2.0),
)  # fmt: skip
"""Near the measures of `full`."""


def _permission(m: Making, name: str, by: str) -> Envelope:
    """Return an agreement on an order: by its authority, its owner, somebody else or the order's own issuer."""
    whole = TimeWindow.exact(NOW - HOUR, NOW + 3 * DAY)
    windows = m.one((), (whole,), (m.exact(NOW + HOUR, 240),))
    kind: Any = m.one("coordination", "coordination", "relief")
    orders = ref(name, m.one(0, 1, 2)), ref("other")
    body = Agreement(agreement_kind=kind, windows=windows, orders=orders, parties=(by, m.one("sn-hq", "sc-hq")))
    return m.said(body, m.one("fhq-u3", "joc", "sn-hq", "sc-hq", by), "permission")


def _truce(m: Making, at: Any) -> Envelope:
    where = m.circle(m.off(at, m.random.uniform(0, 500)))
    permitted = m.one((), (), ("armed",))
    windows = m.one((), (m.exact(NOW + HOUR, 300),))
    kind: Any = m.one("ceasefire", "ceasefire", "silence")
    body = Agreement(agreement_kind=kind, area=where, windows=windows, permitted=permitted, parties=("sn-hq",))
    return m.said(body, "sn-hq", "truce")


def _host(m: Making, guest: Envelope, fields: Any) -> list[Envelope]:
    """Return the guest's order once more, coordinated with one of the owner that accepts it."""
    body = registry.body(guest)
    if not isinstance(body, Directive | MovementNotice):
        return []
    again = m.said(replace(body, coordinated_with=(ref("host"),)), guest.originator, guest.id, EARLY + HOUR,
                   revision=guest.revision + 1)  # fmt: skip
    host = Directive(directive_kind="frago", action="other", coordinated_with=(ref(guest.id),), **fields)
    return [again, m.said(host, m.one("sn-hq", "sc-hq"), "host")]


def caveat(m: Making) -> list[Envelope]:
    """An order or a movement, and what a nation has declared of its units."""
    at, when = m.one(*ANCHORS), m.exact()
    who = m.one("xar-batt", "xbl-batt")
    fields: Any = {"windows": (m.loose(when) if m.chance(0.2) else when,) if m.chance(0.95) else (),
                   "area": m.circle(at) if m.chance(0.9) else None}  # fmt: skip
    action: Any = m.one("escort", "search", "patrol", "move")
    performers = (m.one(unit(who), unit(who), UnitRef(name="A Coy", participant="xar-batt")),)
    order = Directive(directive_kind="frago", action=action, performers=performers, on_order_of="FHQ", **fields)
    movement: Any = m.one("patrol", "logistics", "humanitarian", "flight")
    state: Any = m.one("planned", "planned", "completed")
    moving = MovementNotice(movement_kind=movement, method=m.one("", "vehicle"), state=state, **fields)
    messages = [m.said(order, m.one(*HQS), "a") if m.chance(0.6) else m.said(moving, who, "a")]
    for n in range(m.one(1, 1, 2)):
        holds = m.one((), (when,), (m.beside(when, 0.0),), (m.loose(when),))
        near = m.circle(m.off(at, m.random.uniform(0, 700)))
        there = m.one(None, near, near, near, Named(name="nowhere"))
        units = m.one((), (unit(who),), (unit(who),), (UnitRef(name="A Coy", participant="xar-batt"),))
        methods: Any = m.one((), (), (), ("vehicle",), ("air",))
        forbidden: Any = m.one((), (), (action,), ("escort",), ("search", "patrol"))
        body = Caveat(units=units, actions=forbidden, area=there, windows=holds, methods=methods, text="secret")
        messages.append(m.said(body, m.one(who, who, who, "xar-batt"), f"caveat{n}"))
    return messages
