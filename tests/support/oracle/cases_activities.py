"""Cases about two activities: near each other or not, at one time or not, permitted or not; and their lives."""

from typing import Any

from msgspec.structs import replace

from schemas import registry
from schemas.directives import Agreement, Dependency, Directive
from schemas.envelope import Envelope
from schemas.time import TimeValue, TimeWindow
from tests.support.full import FULL
from tests.support.oracle.making import ANCHORS, EARLY, HQS, NOW, UNITS, Making, ref, sent, two, unit
from tests.support.v1 import DAY, HOUR, MINUTE


def place(m: Making) -> list[Envelope]:
    """Two activities of a row at about the distance that it asks for, at the same time."""
    row, when = m.one(*FULL.matrix), m.exact()
    at = m.one(*ANCHORS)
    there = m.off(at, m.random.uniform(0, 900) + m.one(0.0, row.distance_m))
    a, b = two(m, row, m.shape(at), m.shape(there), when, when)
    return sent(m, a, b)


def border(m: Making) -> list[Envelope]:
    """Two rectangles that share a border, overlap by a hair, or leave one between them."""
    row, when, size = m.one(*FULL.matrix), m.exact(), 0.004
    lon, lat = m.one(*ANCHORS[2:])
    lon = round(lon + 0.01, 7)
    move = m.one(size, size, round(size - 1e-6, 7), round(size + 1e-6, 7))
    east, north = m.one((move, 0.0), (0.0, move), (move, move), (-move, 0.0))
    there = (round(lon + east, 7), round(lat + north, 7))
    a, b = two(m, row, m.rectangle((lon, lat), size, size), m.rectangle(there, size, size), when, when)
    return sent(m, a, b)


def time(m: Making) -> list[Envelope]:
    """Two activities at one place that overlap, touch, or keep a gap; exact or not; in one window or several."""
    row, when, at = m.one(*FULL.matrix), m.exact(), m.one(*ANCHORS)
    other = m.beside(when, row.gap_s)
    a, b = two(m, row, m.circle(at), m.circle(at), when, other)
    if m.chance(0.4):
        a = replace(a, windows=(m.loose(when),))
    if m.chance(0.3):
        b = replace(b, windows=(m.loose(other),))
    if m.chance(0.3):
        earlier = m.exact(NOW + 6 * HOUR, 120)
        b = replace(b, windows=(earlier, *b.windows) if m.chance(0.5) else (*b.windows, earlier))
    return sent(m, a, b)


def height(m: Making) -> list[Envelope]:
    """Two activities at one place and time in bands of heights."""
    row, when, at = m.one(*(r for r in FULL.matrix if "protected" not in (r.a, r.b))), m.exact(), m.one(*ANCHORS)
    a, b = two(m, row, m.circle(at), m.circle(at), when, when)
    return sent(m, replace(a, altitude=m.band()), replace(b, altitude=m.band()) if m.chance(0.9) else b)


def accord(m: Making) -> list[Envelope]:
    """Two activities that would clash, and something that may lift the rule."""
    row, when, at = m.one(*FULL.matrix[:3]), m.exact(), m.one(*ANCHORS)
    a, b = two(m, row, m.circle(at), m.circle(at), when, when)
    given = [ref("b", m.one(0, 0, 1, 2)), ref("a", m.one(0, 0, 1, 2))]
    if isinstance(a, Directive):
        a = replace(a, **{m.one("permitted", "coordinated_with", "supersedes", "cancels"): (given[0],)})
    if m.chance(0.5):
        b = replace(b, coordinated_with=(given[1],))
    if isinstance(a, Directive) and isinstance(b, Directive) and m.chance(0.5):
        who = m.one(*UNITS)
        a, b = replace(a, performers=(unit(who),)), replace(b, performers=(unit(who), unit(m.one(*UNITS))))
    if isinstance(a, Directive) and m.chance(0.2):
        a = replace(a, dependencies=(Dependency(task="b", relation="relief-of"),))
    messages = sent(m, a, b)
    if m.chance(0.4):
        kind: Any = m.one("coordination", "relief", "silence")
        parties = (m.one(*HQS, messages[0].originator), m.one(*UNITS, messages[1].originator))
        body = Agreement(agreement_kind=kind, parties=parties, orders=(ref("a"), ref(m.one("b", "b", "c"))))
        by = m.one("fhq-u3", "joc", messages[0].originator, messages[1].originator)
        messages.append(m.said(body, by, "pact"))
    return messages


def life(m: Making) -> list[Envelope]:
    """A clash, and what may have become of it: revised, withdrawn, replaced, over, a draft, an exercise."""
    messages = time(m)
    a, b = messages
    body = registry.body(a)
    for what in {m.random.randrange(7), m.random.randrange(7)}:
        match what:
            case 0:
                moved = replace(body, **_elsewhere(m, body))
                messages.append(m.said(moved, a.originator, a.id, EARLY + HOUR, revision=2))
            case 1:
                messages.append(m.cancelled(m.one(a, b)))
            case 2 | 3 if len(messages) == 2:
                messages += _replaced(m, m.one(a, b))
            case 4:
                messages[1] = b = replace(b, reality="exercise")
            case 5 if isinstance(body, Directive):
                messages[0] = a = m.said(replace(body, draft=True), a.originator, a.id)
            case 6:
                when = TimeWindow.exact(NOW - 30 * HOUR, NOW - m.one(23, 24, 25) * HOUR)
                messages[0] = a = m.said(replace(body, windows=(when,)), a.originator, a.id, EARLY - DAY)
    return messages


def notice(m: Making) -> list[Envelope]:
    """A clash whose newest party came shortly before the start."""
    row, at = m.one(*FULL.matrix), m.one(*ANCHORS)
    when = m.exact(NOW + 5 * HOUR)
    a, b = two(m, row, m.circle(at), m.circle(at), when, m.beside(when, row.gap_s))
    messages = sent(m, a, b)
    late = NOW + m.one(239, 240, 241, 290) * MINUTE
    return [messages[0], replace(messages[1], created=TimeValue(utc=late))]


def _elsewhere(m: Making, body: Any) -> dict[str, Any]:
    field = "footprint" if body.KIND == "protected-site" else "area"
    return {field: m.circle(m.off(m.one(*ANCHORS), 5000))}


def _replaced(m: Making, old: Envelope) -> list[Envelope]:
    """Return an order that replaces one, and now and then its withdrawal, which revives nothing."""
    field = m.one("supersedes", "cancels")
    body = Directive(directive_kind="frago", draft=m.chance(0.1), **{field: (ref(old.id, m.one(0, 1)),)})
    new = m.said(body, m.one(old.originator, "fhq-u3", "sn-hq"), "c", EARLY + HOUR)
    return [new, m.cancelled(new, EARLY + 2 * HOUR)] if m.chance(0.5) else [new]
