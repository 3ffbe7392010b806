"""A second oracle for the verdicts, in another style: SQL over SQLite tables, geometry by formula.

It shares nothing with `coordinator.core.deconfliction` but the messages and the mission that both read. The rules are
the ``.sql`` files of this folder, written from reference deconfliction.md §2; `earth` measures. `differences` runs both
over the same cases. What it leaves out: legs of moving routes (their timed points are in), findings of earlier
versions, and which of several equal pieces of evidence is shown.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from coordinator.core.deconfliction.ledger import Ledger, item
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Mission
from schemas import registry
from schemas.envelope import Envelope
from schemas.findings import SEVERITIES, Evidence, Finding
from tests.support.brute import everything
from tests.support.oracle import measures
from tests.support.oracle.shapes import Field
from tests.support.oracle.tables import load_case, load_mission

HERE: Final = Path(__file__).parent
FILES: Final = ("tables", "common", "agreed", "k01", "k04", "k12", "command", "means", "places", "last")
KINDS: Final = frozenset((
    "incompatible-activities", "route-capacity", "stale-order", "not-acknowledged", "undecidable",
    "contradictory-orders", "mandate", "authority", "command-fork", "duplicate-task",
    "asset-overbooked", "frequency", "broken-dependency", "infeasible",
    "uncoordinated-entry", "prohibited-zone", "restricted-zone", "caveat",
))  # fmt: skip
BY_LEG: Final = frozenset((
    "incompatible-activities", "prohibited-zone", "restricted-zone", "uncoordinated-entry", "infeasible",
))  # fmt: skip
"""Kinds that are not compared for who follows a way: legs are not in the tables."""
STANDING: Final = ("open", "acknowledged", "waived")
CERTAINTIES: Final = ("definite", "possible", "unknown")
UNNAMED: Final = frozenset((
    "incompatible-activities", "contradictory-orders", "mandate", "asset-overbooked", "broken-dependency", "infeasible",
    "caveat", "frequency",
))  # fmt: skip
"""Kinds whose rule is not compared: which of several equal rows is shown is our choice."""
UNGRADED: Final = frozenset(("undecidable",))
KEYED: Final[dict[str, Callable[[Evidence], str]]] = {
    "undecidable": lambda e: e.field, "asset-overbooked": lambda e: e.asset, "frequency": lambda e: e.basis,
    "caveat": lambda e: ",".join(e.cites),
}  # fmt: skip
"""Kinds of which one order can have several, and what tells them apart."""


class Case(NamedTuple):
    """A few messages at a time; the theme says what they were made to be about."""

    theme: str
    now: int
    messages: list[Envelope]


class Said(NamedTuple):
    """What both oracles must agree on about a finding."""

    kind: str
    rule: str
    parties: tuple[int, ...]  # places of the messages in the case
    certainty: str
    severity: str
    key: str = ""


class Outcome(NamedTuple):
    """What came of many cases."""

    cases: Counter[str]  # by theme
    findings: Counter[tuple[str, str]]  # by kind and certainty
    nothing: Counter[str]  # cases without any finding, by theme
    skipped: int  # nearer to a limit than the band
    wrong: list[str]  # a line a case in which the two disagree


def differences(cases: Iterable[Case], mission: Mission) -> Outcome:
    """Judge cases twice and return how the two differ."""
    listed = list(cases)
    clear, expected = _second(listed, mission)
    setting = Setting(mission)
    outcome = Outcome(Counter(), Counter(), Counter(), len(listed) - len(clear), [])
    for s in sorted(clear):
        case, want, have = listed[s], expected.get(s, set()), first(listed[s], setting)
        outcome.cases[case.theme] += 1
        outcome.nothing[case.theme] += not want
        outcome.findings.update((f.kind, f.certainty) for f in want)
        if have != want:
            outcome.wrong.append(
                f"{case.theme} {s}: only ours {sorted(have - want)}; only the other {sorted(want - have)}"
            )
    return outcome


def first(case: Case, setting: Setting) -> set[Said]:
    """Return what the engine's verdicts find."""
    by_revision = sorted(enumerate(case.messages), key=lambda m: m[1].revision)
    place = {(e.originator, e.id): k for k, e in by_revision if e.status != "cancel"}
    ledger = Ledger()
    for e in case.messages:
        ledger.add(item(e, registry.body(e), case.now))
    found = everything(ledger, setting, case.now).values()
    open_ = (f for f in found if f.state in STANDING and f.finding_kind in KINDS)
    return {s for f in open_ if not _on_a_way(case, s := _said(f, place))}


def _on_a_way(case: Case, said: Said) -> bool:
    return said.kind in BY_LEG and any(getattr(registry.body(case.messages[k]), "route", None) for k in said.parties)


def _said(f: Finding, place: dict[tuple[str, str], int]) -> Said:
    rule = "" if f.finding_kind in UNNAMED else f.evidence.rule
    key = KEYED[f.finding_kind](f.evidence) if f.finding_kind in KEYED else ""
    parties = tuple(sorted(place[p.issuer, p.id] for p in f.parties))
    severity = "" if f.finding_kind in UNGRADED else f.severity
    return Said(f.finding_kind, rule, parties, f.certainty, severity, key)


def _second(cases: list[Case], mission: Mission) -> tuple[set[int], dict[int, set[Said]]]:
    """Return the cases clear of the band and what the tables say of each."""
    db, field, clear = sqlite3.connect(":memory:"), Field(mission), set()
    db.executescript((HERE / "tables.sql").read_text())
    load_mission(db, mission)
    measures.load(db, mission)
    for s, case in enumerate(cases):
        load_case(db, s, case.now, case.messages)
        if field.lay(db, s, case.messages):
            clear.add(s)
    for name in FILES[1:]:
        db.executescript((HERE / f"{name}.sql").read_text())
    found: dict[int, set[Said]] = {}
    for s, said in _rows(db):
        found.setdefault(s, set()).add(said)
    db.close()
    return clear, found


def _rows(db: sqlite3.Connection) -> Iterator[tuple[int, Said]]:
    query = "SELECT s, kind, coalesce(rule, ''), parties, uncertain, severity, coalesce(key, '') FROM finding"
    for s, kind, rule, parties, uncertain, severity, key in db.execute(query):
        who = tuple(sorted(int(k) for k in str(parties).split(",")))
        named, graded = "" if kind in UNNAMED else rule, "" if kind in UNGRADED else SEVERITIES[int(severity)]
        yield s, Said(kind, named, who, CERTAINTIES[uncertain], graded, key if kind in KEYED else "")
