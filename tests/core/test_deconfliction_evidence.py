"""What findings say of themselves: whole findings of chosen cases, kept as text to be read and compared.

The second oracle says which findings there are; these files say what stands in them: evidence, reasons, ways out, whom
they are told. Cases are those of the oracle in which something is said that was not said before. ``make goldens``
rewrites the files; read the diff before you keep it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from coordinator.core.deconfliction.ledger import Ledger, item
from coordinator.core.deconfliction.setting import Setting
from schemas import registry
from schemas.findings import Finding
from tests.support.brute import everything
from tests.support.full import FULL
from tests.support.oracle import Case
from tests.support.oracle.cases import READ, THEMES, cases

HERE: Final = Path(__file__).parent / "goldens" / "evidence"
LOOKED_AT: Final = 300
KEPT: Final = 16
SETTING: Final = Setting(FULL)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ABOUT: Final = {
    "life": ("incompatible-activities", "stale-order"), "section": ("route-capacity", "undecidable"),
    "links": ("stale-order",), "answers": ("not-acknowledged", "stale-order"), "unclear": ("undecidable",),
    "command": ("contradictory-orders", "command-fork", "authority", "duplicate-task"), "mandate": ("mandate",),
    "assets": ("asset-overbooked", "undecidable"), "radio": ("frequency",), "needs": ("broken-dependency",),
    "travel": ("infeasible", "undecidable"), "caveat": ("caveat",),
    "ground": ("prohibited-zone", "restricted-zone", "uncoordinated-entry"), "sightings": ("task-deviation",),
    "crowds": ("asset-overbooked",),
    "ways": ("incompatible-activities", "route-capacity", "infeasible", "prohibited-zone", "restricted-zone",
             "uncoordinated-entry", "undecidable"),
    "by name": ("incompatible-activities", "frequency", "broken-dependency", "caveat", "restricted-zone",
                "uncoordinated-entry"),
}  # fmt: skip
"""The kinds that are read in a theme; else activities that do not go together."""
BOUNDS: Final = (("start_earliest", "start_latest"), ("end_earliest", "end_latest"))


@pytest.mark.parametrize("theme", [*THEMES, *READ])
def test_findings_say_what_they_said_when_they_were_read(theme: str, update_goldens: bool) -> None:
    file = HERE / f"{theme}.txt"
    if update_goldens:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(chosen(theme)))
    kept = file.read_text()
    numbers = [int(line.split()[1]) for line in kept.splitlines() if line.startswith("case ")]
    assert numbers
    made = list(cases(11, max(numbers) + 1, theme))
    assert "".join(block(n, findings(made[n], theme)) for n in numbers) == kept


def chosen(theme: str) -> Iterator[str]:
    """Yield a block of text for each case of a theme that says something new."""
    known: set[str] = set()
    for n, case in enumerate(cases(11, LOOKED_AT, theme)):
        found = findings(case, theme)
        new = {mark(f) for f in found} - known
        if new and len(known) < KEPT:
            known |= new
            yield block(n, found)


def block(n: int, found: list[Finding]) -> str:
    """Return what is kept of one case."""
    return "\n".join((f"case {n}", *(line for f in found for line in said(f)), ""))


def findings(case: Case, theme: str) -> list[Finding]:
    """Return the findings of a case that are of its theme, whatever their state."""
    kinds = ABOUT.get(theme, ("incompatible-activities",))
    ledger = Ledger()
    for e in case.messages:
        ledger.add(item(e, registry.body(e), case.now))
    found = (f for f in everything(ledger, SETTING, case.now).values() if f.finding_kind in kinds)
    return sorted(found, key=lambda f: (f.finding_kind, f.id))


def mark(f: Finding) -> str:
    """Return what kind of thing a finding says, apart from names and numbers."""
    e = plain(f.evidence)
    words = [e.get(w) for w in ("rule", "relation", "because", "folded")]
    return repr(
        (f.finding_kind, f.certainty, f.severity, f.state, words, sorted(e), sorted(o.option for o in f.options))
    )


def said(f: Finding) -> Iterator[str]:
    """Yield the lines of one finding."""
    yield f"  {f.finding_kind} {f.certainty} {f.severity} {f.state}{f': {f.why}' if f.why else ''}"
    for p in f.parties:
        when = value("", plain(p.window))
        yield f"    {p.id}:{p.revision} {p.kind} {p.issuer} by {listed(p.units)}: {p.what}, {when}"
    if f.only is not None:
        yield f"    only {listed(f.only)}"
    yield f"    told {listed(f.told)}; decides {f.arbiter or '-'}; waits for {listed(f.waits_for)}"
    yield f"    since {time(f.first_at)}"
    yield from (f"    {k} {value(k, v)}" for k, v in plain(f.evidence).items())
    yield from (f"    way out: {', '.join(value(k, v) for k, v in sorted(plain(o).items()))}" for o in f.options)


def plain(of: Any) -> Any:
    """Return a struct as dicts and lists, without what it leaves out."""
    return msgspec.json.decode(msgspec.json.encode(of))


def value(name: str, of: Any) -> str:
    """Return a value as people read it: times as times, lengths to a decimetre."""
    match of:
        case dict():
            return " to ".join(" or ".join(dict.fromkeys(time(of.get(k)) for k in pair)) for pair in BOUNDS)
        case list():
            return listed(value(name, v) for v in of)
        case int() if name in ("observed",):
            return time(of)
        case float() if name in ("at", "entry", "exit"):
            return f"{of:.4f}"
        case float():
            return f"{of:.6f}" if name.endswith("mhz") else f"{of:.1f}"
    return "-" if of is None else str(of)


def time(of: Any) -> str:
    """Return an instant as day of the month and time."""
    return f"{EPOCH + timedelta(microseconds=of):%dT%H:%M:%S.%f}".removesuffix(".000000") if of else "any time"


def listed(of: Iterable[str]) -> str:
    """Return words with commas, or a dash."""
    return ", ".join(of) or "-"
