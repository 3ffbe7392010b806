"""A version of an order together with its reading: what a verdict is given for each party."""

from typing import Final, NamedTuple

from coordinator.core.deconfliction.active import Version
from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import FAR
from schemas.directives import Agreement, Directive
from schemas.envelope import Reference
from schemas.notices import MovementNotice

_CITING: Final = ("coordinated_with", "relief")
"""Fields by which an order says that it goes together with another."""


class Side(NamedTuple):
    """One party as it was or is in force, until (exclusive) the next version. ``reading`` None once it is gone."""

    version: Version
    reading: Reading | None
    until: int = FAR

    @property
    def key(self) -> Key:
        """Originator and id."""
        return self.version.key

    @property
    def issuer(self) -> str:
        """Who issued it."""
        return self.version.key[0]

    @property
    def reality(self) -> str:
        """real, exercise or test."""
        return self.version.item.envelope.reality

    @property
    def draft(self) -> bool:
        """Whether it is not issued yet."""
        return isinstance(self.version.body, Directive) and self.version.body.draft


class Accord(NamedTuple):
    """What lifts a rule between two parties: who permits whom, and what both sides agreed to."""

    amends: bool = False  # one is an amendment of the other, or supersedes it
    a_permits: bool = False
    b_permits: bool = False
    agreed: bool = False
    one_unit: bool = False  # one performer in one chain of command
    aware: bool = False  # one of them names the other
    cited: bool = False  # one names the other as coordinated with, or as relieved


_AWARE: Final = ("permitted", "coordinated_with", "dependencies")


def accord(ledger: Ledger, a: Side, b: Side, setting: Setting) -> Accord:
    """Return what stands between two orders and lifts a rule (design §4, suppressors)."""
    chain = setting.chain(a.issuer, b.issuer)
    performers = set(a.version.performers) & set(b.version.performers)
    return Accord(
        amends=_amends(ledger, a, b) or _amends(ledger, b, a),
        a_permits=_names(ledger, a, b, ("permitted",)),
        b_permits=_names(ledger, b, a, ("permitted",)),
        agreed=_agreed(ledger, a, b, setting),
        one_unit=chain and bool(performers),
        aware=_names(ledger, a, b, _AWARE) or _names(ledger, b, a, _AWARE),
        cited=_names(ledger, a, b, _CITING) or _names(ledger, b, a, _CITING),
    )


def _amends(ledger: Ledger, a: Side, b: Side) -> bool:
    return _names(ledger, a, b, ("amends", "supersedes"))


def _names(ledger: Ledger, a: Side, b: Side, fields: tuple[str, ...]) -> bool:
    return any(
        ref.revision in (0, b.version.item.revision) and ledger.one(ref) == b.key for f in fields for ref in _refs(a, f)
    )


def _refs(of: Side, field: str) -> tuple[Reference, ...]:
    """Return the references of the effective order in one field; a list in an amendment is not the amendment's own."""
    body = of.version.body
    match field, body:
        case "amends", Directive():
            return tuple(c.order for c in body.amends)
        case "relief", Directive():
            return tuple(Reference(id=d.task) for d in body.dependencies if d.relation == "relief-of")
        case "dependencies", Directive():
            return tuple(Reference(id=d.task) for d in body.dependencies)
        case "coordinated_with", Directive() | MovementNotice():
            return body.coordinated_with
        case (("supersedes" | "permitted"), Directive()):
            return body.supersedes if field == "supersedes" else body.permitted
    return ()


def _agreed(ledger: Ledger, a: Side, b: Side, setting: Setting) -> bool:
    """Say whether both sides consent to the two orders standing side by side.

    A side consents by citing the other order, or by an agreement that names both. One by somebody above both, or by
    a third party that lists both issuers, speaks for both. A relief in place inside one chain needs no second word.
    """
    if setting.chain(a.issuer, b.issuer) and (_names(ledger, a, b, ("relief",)) or _names(ledger, b, a, ("relief",))):
        return True
    consent = {a.key: _names(ledger, a, b, _CITING), b.key: _names(ledger, b, a, _CITING)}
    for item in ledger.current("agreement", ledger.agreed.get(a.key[1], set()) & ledger.agreed.get(b.key[1], set())):
        body = item.body
        if not isinstance(body, Agreement) or body.agreement_kind not in ("coordination", "relief"):
            continue
        if not {a.key, b.key} <= {ledger.one(ref) for ref in body.orders}:
            continue
        for side in (a, b):
            consent[side.key] |= _signs(item.key[0], body, side, (a, b), setting)
    return all(consent.values())


def _signs(by: str, body: Agreement, side: Side, both: tuple[Side, Side], setting: Setting) -> bool:
    if by in (side.issuer, *side.version.performers):
        return True
    if all(by in setting.mission.superiors(s.issuer) for s in both):
        return True
    outside = all(by not in (s.issuer, *s.version.performers) for s in both)
    return outside and all(s.issuer in body.parties or set(s.version.performers) & {*body.parties} for s in both)
