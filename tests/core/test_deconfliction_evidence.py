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
from tests.support.oracle.cases import THEMES, cases

HERE: Final = Path(__file__).parent / "goldens" / "evidence"
LOOKED_AT: Final = 250
KEPT: Final = 14
SETTING: Final = Setting(FULL)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("theme", THEMES)
def test_findings_say_what_they_said_when_they_were_read(theme: str, update_goldens: bool) -> None:
    file = HERE / f"{theme}.txt"
    text = "\n".join(block for block in chosen(theme)) + "\n"
    if update_goldens:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert text == file.read_text()


def chosen(theme: str) -> Iterator[str]:
    """Yield a block of text for each case of a theme that says something new."""
    known: set[str] = set()
    kept = 0
    for n, case in enumerate(cases(11, LOOKED_AT, theme)):
        found = findings(case)
        new = {mark(f) for f in found} - known
        if new and kept < KEPT:
            known |= new
            kept += 1
            yield "\n".join((f"case {n}", *(line for f in found for line in said(f))))


def findings(case: Case) -> list[Finding]:
    """Return the findings of a case, whatever their state."""
    ledger = Ledger()
    for e in case.messages:
        ledger.add(item(e, registry.body(e), case.now))
    return sorted(everything(ledger, SETTING, case.now).values(), key=lambda f: (f.finding_kind, f.id))


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
        yield f"    {p.id}:{p.revision} {p.kind} {p.issuer} by {listed(p.units)}: {p.what}, {value('', plain(p.window))}"
    if f.only is not None:
        yield f"    only {listed(f.only)}"
    yield f"    told {listed(f.told)}; decides {f.arbiter or '-'}; waits for {listed(f.waits_for)}; since {time(f.first_at)}"
    yield from (f"    {k} {value(k, v)}" for k, v in plain(f.evidence).items())
    yield from (f"    way out: {', '.join(value(k, v) for k, v in sorted(plain(o).items()))}" for o in f.options)


def plain(of: Any) -> Any:
    """Return a struct as dicts and lists, without what it leaves out."""
    return msgspec.json.decode(msgspec.json.encode(of))


def value(name: str, of: Any) -> str:
    """Return a value as people read it: times as times, lengths to a decimetre."""
    match of:
        case dict():
            return " ".join(f"{k} {time(v)}" for k, v in of.items() if v is not None)
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
    """Return an instant in ISO 8601; what is none as it is."""
    return (EPOCH + timedelta(microseconds=of)).isoformat() if isinstance(of, int) and of > 10**12 else str(of)


def listed(of: Iterable[str]) -> str:
    """Return words with commas, or a dash."""
    return ", ".join(of) or "-"
