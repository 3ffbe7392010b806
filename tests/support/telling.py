"""Findings of every kind, rule and doubt, with names as long as real ones, and a made-up language to tell them in."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final, get_args

from fluent.syntax import FluentSerializer
from fluent.syntax.ast import StringLiteral, TextElement
from fluent.syntax.parser import FluentParser
from fluent.syntax.visitor import Transformer
from msgspec.structs import replace

from coordinator.core.deconfliction import explain
from coordinator.core.deconfliction.options import WORDS
from coordinator.core.deconfliction.phrases import ACTIONS, WHATS
from schemas.findings import Evidence, Finding, FindingKind, FindingState, Option, Party
from schemas.geo import AltitudeBand, AltitudeLimit
from schemas.time import TimeWindow
from tests.support.desk import z

ENGLISH: Final = resources.files("coordinator").joinpath("texts", "en")
NAMED: Final = "RESTRICTED OPERATIONS ZONE KESSA NORTH 2"  # what the mission calls a row, a zone or a band
PLACE: Final = "OLD RAILWAY BRIDGE OVER KESSA RIVER"
UNITS: Final = (
    "2 ENGINEER COMPANY XAR-BATT",
    "BRIDGE PLATOON 3 OF XCO-ENG",
    "A COY XBL-BATT",
    "B COY",
    "C COY",
    "D COY",
)
LIMIT: Final = "FHQ-MAOC TACON XES-UAS for move, search from 140800ZMAR27 until 141200ZMAR27 from 150800ZMAR27"
CHAINS: Final = ("FHQ-U3 OPCON SN-HQ", LIMIT, "SN-HQ OPCON XAR-BATT for fly to the moon")
STATES: Final[tuple[FindingState, ...]] = get_args(FindingState)
WHYS: Final = (
    "amended by FHQ-FRAGO-03-101:1, FHQ-FRAGO-03-102:1; withdrawn by XES-ISR-214/REQ:2", "revised by SN-FRAGO-03-017:2",
    "re-rated by XCO-BR-11:2", "over", "was in conflict", "said by XBL-BATT", "",
)  # fmt: skip


def full(kind: FindingKind, rule: str, parties: int = 2) -> Finding:
    """Return a finding that has every value that any evidence can have."""
    overlap = TimeWindow.exact(z("141000") + 19_000_000, z("141045"))
    what = ("exclusive order to evacuate", "exclusive order to medevac", "humanitarian movement", "MORTAR incident")
    evidence = Evidence(
        rule=rule, place=PLACE, at=(2.0, -27.0), overlap=overlap, relation="needs", distance_m=672.7, required_m=500.0,
        gap_s=1234.0, required_gap_s=3600.0, vertical_m=152.4, required_vertical_m=304.8, load_class=30,
        required_class=40, field="VEHICLES (OLD RAILWAY BRIDGE 2)", missing=("XAR-BATT", "XBL-BATT"),
        cites=("XCO-BR-11:1",), authority="FHQ-U3", basis="OPERATIVE PARAGRAPH 7", asset="RECOVERY CRANE 60 TONNES XCO",
        capacity=2.5, demands=(2.0, 1.25), frequencies_mhz=(30.025, 30.0375), separation_mhz=0.0125,
        required_mhz=0.025, actions=("air-mission", "use-of-force"), units=UNITS, chains=CHAINS, travel_s=5400.0,
        speed_mps=8.3, inside_m=1234.5, entry=(2.0, -27.0), exit=(2.01, -27.02), observed=z("140410"),
        precedence="MEDICAL EVACUATION GOES BEFORE LOGISTICS (SOP 4.2 OF 2027)",
        advice="RECOMMEND CHECK FIRE, THE RANGE OFFICER OF THE UNIT THAT FIRES DECIDES AND TELLS 1 DUTY OFFICER",
    )  # fmt: skip
    return Finding(
        id="f", finding_kind=kind, severity="HIGH", certainty="definite", state="open", evidence=evidence,
        parties=tuple(Party(id=f"FHQ-FRAGO-2027-03-{110 + i}", issuer=f"SN-HQ{i}", what=what[i % 4] if i else what[1])
                      for i in range(parties)),
        arbiter="FHQ-U3", waits_for=("XAR-BATT", "XBL-BATT"),
    )  # fmt: skip


def rules(kind: FindingKind) -> tuple[str, ...]:
    """Return the rules that a kind can have, and a name of the mission where it has such names."""
    return (*explain.RULES[kind], *((NAMED,) if kind in explain.NAMED else ()))


def _plain() -> Iterator[Finding]:
    for kind in get_args(FindingKind):
        for rule in rules(kind):
            for parties in (1, 2, 7):
                f = full(kind, rule, parties)
                yield f
                yield replace(f, certainty="possible")
                yield replace(f, evidence=replace(f.evidence, overlap=None, place="", distance_m=None))


def _others() -> Iterator[Finding]:
    """Yield what else changes a sentence: what a party is, doubts, states, values that are none."""
    clash = full("incompatible-activities", "CLOSURE/USE")
    e = clash.evidence
    for what in (*sorted(WHATS), "exclusive order", "MORTAR incident", "CLOSURE", ""):
        yield replace(clash, parties=(Party(id="A-1", what=what), Party(id="")))
    for doubts, kind in ((explain.DOUBTS, clash.finding_kind), (explain.CAVEAT_DOUBTS, "caveat")):
        of = full(kind, "CAV-XBL-03:1")
        yield replace(of, certainty="possible", evidence=replace(of.evidence, because=tuple(sorted(doubts))))
    for state in STATES:
        for why in WHYS:
            yield replace(clash, state=state, why=why)
    caveat = full("caveat", "CAV-XBL-03:1")
    for action in ACTIONS:
        yield replace(caveat, evidence=replace(caveat.evidence, actions=(action,)))
    yield replace(clash, evidence=replace(e, distance_m=0.0, vertical_m=0.0, place=""))
    tasks = full("contradictory-orders", "exclusive")
    yield replace(tasks, evidence=replace(tasks.evidence, actions=("clear", "other")))
    for start, end in ((None, None), (z("141000"), None), (None, z("141000"))):
        yield replace(clash, evidence=replace(e, overlap=TimeWindow(start_earliest=start, end_latest=end)))
    unread = full("undecidable", "unknown-place", 1)
    yield replace(unread, evidence=replace(unread.evidence, field="AREA", because=("OP 9-9",)))
    late = full("not-acknowledged", "notice", 1)
    yield replace(late, evidence=replace(late.evidence, missing=("XAR-BATT",)))
    alone = full("infeasible", "between")
    yield replace(alone, evidence=replace(alone.evidence, units=("XAR-BATT",)))
    one = full("contradictory-orders", "travel")
    yield replace(one, evidence=replace(one.evidence, units=("XAR-BATT",)))


FINDINGS: Final = (*_plain(), *_others())


def ways_out() -> list[tuple[Option, Finding]]:
    """Return ways out of every word, as people talk about them and as they are worked out, with their findings."""
    pair = full("incompatible-activities", "CLOSURE/USE")
    alone = replace(pair, parties=(Party(id=""),))
    both = replace(pair, parties=(Party(id="A", issuer="SN-HQ"), Party(id="B", issuer="SC-HQ")))
    talks = [(Option(option=w, party=""), f) for w in WORDS for f in (both, alone)]  # type: ignore[arg-type]
    height = AltitudeBand(lower=AltitudeLimit(value_m=304.8, reference="MSL"), upper=None)
    made = [
        *({"option": "shift", "shift_s": s} for s in (2700.0, -5400.0, 19_800.0)),
        {"option": "altitude", "altitude": height}, {"option": "channel", "frequency_mhz": 30.025},
        {"option": "route", "route": "PLUM"}, {"option": "asset", "asset": "CRANE 2"},
        {"option": "move-out", "distance_m": 300.0}, {"option": "reduce", "distance_m": 20.5},
        {"option": "move-out", "distance_m": 300.0, "bearing_deg": 45.0},
    ]  # fmt: skip
    more = [{}, {"verified": True, "known": 1}, {"verified": True, "known": 1200, "text_key": "others-remain"},
            {"text_key": "no-shift"}]  # fmt: skip
    return [*talks, *((Option(party="A", **m, **x), both) for m in made for x in more)]  # type: ignore[arg-type]


class _Foreign(Transformer):
    """Replaces every letter of a text by one that English does not have."""

    def visit_TextElement(self, node: TextElement) -> TextElement:
        return TextElement(_foreign(node.value))

    def visit_StringLiteral(self, node: StringLiteral) -> StringLiteral:
        return StringLiteral(_foreign(node.value))


def _foreign(text: str) -> str:
    return "".join("ж" if c.isascii() and c.isalpha() else c for c in text)


def with_another_language(folder: Path, lang: str = "qq") -> Path:
    """Return a folder with the English texts and, beside them, a language that says all of it in other letters."""
    for file in ENGLISH.iterdir():
        source = file.read_text(encoding="utf-8")
        other = FluentSerializer().serialize(_Foreign().visit(FluentParser().parse(source)))
        for name, text in (("en", source), (lang, other)):
            (folder / name).mkdir(exist_ok=True)
            (folder / name / file.name).write_text(text, encoding="utf-8")
    return folder
