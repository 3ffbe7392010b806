"""K05 to K08: where somebody enters, comes too near or crosses, and whose word is missing.

Of a caveat they say whose it is, its reference and what the order asks for; never what it says.
"""

from typing import Final

from coordinator.core.deconfliction.phrases import ID, Phrase, action, given, name, nth, said, when
from coordinator.core.deconfliction.words import coordinates, metres
from schemas.findings import Evidence, Finding

RULES: Final[dict[str, tuple[str, ...]]] = {
    "uncoordinated-entry": (),
    "prohibited-zone": (),
    "restricted-zone": (),
    "caveat": (),
}
"""Their rules are names of the mission, or of a message."""
DOUBTS: Final = frozenset(("units", "vehicles", "transport", "scope", "place", "night"))
"""What is in doubt about a caveat, in words of its own."""
_LONGEST_BASIS: Final = 18  # words that fit into a sentence; the finding holds it in any case


def _entry(f: Finding, e: Evidence) -> list[Phrase]:
    kind, owner = "said-uncoordinated-entry", name(e.authority)
    entry, leave = (coordinates(at) if at else None for at in (e.entry, e.exit))
    return [
        *said(
            kind, sure=f.certainty, order=nth(f.parties, 0), zone=name(e.rule), authority=owner, when=when(e.overlap)
        ),
        *said(f"{kind}-through", entry=entry, exit=leave),
        *said(f"{kind}-inside", inside=given(metres, e.inside_m)),
        *said(f"{kind}-word", authority=owner),
    ]


def _zone(f: Finding, e: Evidence) -> list[Phrase]:
    kind = f"said-{f.finding_kind}"
    basis = e.basis if 0 < len(e.basis.split()) <= _LONGEST_BASIS else None
    required = given(metres, e.required_m) if e.required_m else None
    return [
        *said(kind, sure=f.certainty, order=nth(f.parties, 0), zone=name(e.rule), when=when(e.overlap)),
        *said("said-zone-distance", sure=f.certainty, distance=given(metres, e.distance_m), required=required),
        *said(f"{kind}-authority", authority=name(e.authority)),
        *said("said-zone-basis", basis=basis),
    ]


def _caveat(f: Finding, e: Evidence) -> list[Phrase]:
    order, owner = nth(f.parties, 0), name(e.authority)
    found = said("said-caveat", sure=f.certainty, order=order, authority=owner, cited=name(e.rule, ID))
    asked = action(e.actions[0]) if e.actions and e.actions[0] != "other" else None
    if asked:
        return [*found, *said("said-caveat-asked", action=asked, when=when(e.overlap))]
    return [*found, *(said("said-caveat-task", when=when(e.overlap)) if e.overlap else [])]


PHRASES: Final = {
    "uncoordinated-entry": _entry,
    "prohibited-zone": _zone,
    "restricted-zone": _zone,
    "caveat": _caveat,
}
