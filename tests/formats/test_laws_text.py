"""Law 8 for what only labelled text carries, in every language: what was written is read back the same.

The other messages of this format stand in `tests.formats.test_laws`.
"""

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters
from adapters import vocabulary
from adapters.base import Context, Rejected
from adapters.text.lines import key_of
from adapters.text.templates import FORMS
from schemas import registry
from schemas.directives import Directive, OrderChange
from schemas.envelope import Reference, UnitRef
from schemas.geo import Circle, Named, Polygon, Position, Route
from schemas.reports import (
    Actor,
    Casualties,
    Confidence,
    IncidentReport,
    LogisticsStatus,
    MedevacRequest,
    PatientDetail,
    PatrolLine,
    Precedences,
    Section,
    SituationReport,
    StockLine,
    Violation,
)
from schemas.time import TimeValue
from tests.formats.cases import RECEIVED_AT, read
from tests.formats.test_laws import context, instants, meaning, names, positions, vehicles, windows, words

references = st.lists(st.builds(Reference, id=names, revision=st.integers(2, 9)), max_size=3).map(tuple)
metres = st.none() | st.integers(1, 9_999).map(float)
sections = st.lists(
    st.builds(Section, key=st.just("humanitarian"), title=st.just("humanitarian"), text=words), max_size=3
).map(tuple)
patrols = st.builds(
    PatrolLine, id=names, places=st.lists(names, min_size=1, max_size=3).map(tuple), window=windows,
    distance_km=st.none() | st.integers(0, 99).map(float),
)  # fmt: skip
situations = st.builds(
    SituationReport,
    period=windows,
    report_type=st.sampled_from(("daily", "weekly", "monthly", "flash", "intsum", "assessment")),
    report_no=st.just("") | st.integers(1, 999).map(str),
    place_name=names,
    location=positions,
    sections=sections,
    incidents=st.lists(names, max_size=3).map(tuple),
    nothing_to_report=st.booleans(),
    next_contact=st.none() | instants,
    patrols=st.lists(patrols, max_size=2).map(tuple),
)


@st.composite
def patrol_reports(draw: st.DrawFn) -> SituationReport:
    window = draw(windows)
    line = PatrolLine(
        id=draw(names), places=(draw(names), draw(names)), window=window, strength=draw(st.integers(0, 99)),
        vehicles=draw(words), note=draw(names),
    )  # fmt: skip
    return SituationReport(period=window, report_type="patrol", sections=draw(sections), patrols=(line,))


incidents = st.builds(
    IncidentReport,
    category=st.sampled_from(("mortar", "shooting", "fire", "major-incident", "other")),
    subcategory=st.just("") | words,
    occurred=instants,
    stage=st.sampled_from(("flash", "initial", "follow-up", "final")),
    ended=st.none() | instants,
    reported=st.none() | instants,
    position=positions,
    place_name=names,
    actors=st.lists(st.builds(Actor, role=st.just("party"), description=words), max_size=2).map(tuple),
    activity=words,
    casualties=st.none() | st.builds(Casualties, killed=st.integers(0, 99), missing=st.none() | st.integers(0, 99)),
    damage=st.just("") | words,
    hazards=st.just("") | words,
    action_taken=st.just("") | words,
    action_requested=st.just("") | words,
    assessment=st.just("") | words,
    violation=st.none()
    | st.builds(Violation, agreement=names, article=names, protest_lodged=st.none() | st.booleans()),
    safety_radius_m=metres,
    danger=st.sampled_from(("", "present", "lifted")),
    confidence=st.none() | st.builds(Confidence, reliability=st.just("C"), credibility=st.integers(1, 6)),
    seen_from=st.none() | positions,
    method=st.sampled_from(("", "seen", "heard", "reported")),
    direction_deg=st.none() | st.integers(0, 360).map(float),
    range_m=metres,
    weapons=st.just("") | words,
    rounds=st.none() | st.integers(0, 999),
    intention=st.just("") | words,
    media_interest=st.just("") | words,
)
requests = st.builds(
    MedevacRequest,
    pickup=positions,
    pickup_name=names,
    precedences=st.builds(Precedences, urgent=st.integers(1, 9)),
    casualties=st.integers(0, 99),
    hazards=words,
    landing_site=words,
    destination=words,
    injured_at=st.none() | instants,
    details=st.lists(
        st.builds(PatientDetail, label=names, age=words, mechanism=words, injuries=words, signs=words, treatment=words),
        max_size=3,
    ).map(tuple),
)
units = st.lists(names.map(lambda name: UnitRef(name=name, scheme="text")), min_size=1, max_size=2).map(tuple)
corners: Any = ((-27.0, 2.0), (-27.0, 2.1), (-26.9, 2.1), (-27.0, 2.0))
areas: Any = (
    st.none()
    | st.builds(Named, name=names, radius_m=metres)
    | st.builds(Circle, centre=positions, radius_m=st.integers(0, 9_999).map(float), name=names)
    | st.just(Polygon(rings=(corners,)))
)
KIND = st.sampled_from(("frago", "taskord", "warno", "opord"))
ACTION = st.sampled_from(("block", "patrol", "escort", "air-mission", "use-of-force", "medevac", "aid"))
orders = st.builds(
    Directive,
    directive_kind=KIND,
    action=ACTION,
    task=words,
    serial=st.just("") | names,
    performers=units,
    windows=windows.map(lambda window: (window,)),
    area=areas,
    exclusive=st.booleans(),
    vehicles=st.just(()) | vehicles.map(lambda each: (each,)),
    strength=st.none() | st.integers(0, 999),
    supersedes=references,
    permitted=references,
    coordinated_with=references,
    frequencies_mhz=st.lists(st.integers(3_000, 9_000).map(lambda n: n / 100), max_size=2).map(tuple),
    constraints=st.just("") | words,
    draft=st.booleans(),
)
changes = st.builds(
    lambda kind, change: Directive(directive_kind=kind, action=change.action, task=change.task, amends=(change,)),
    KIND,
    st.builds(
        OrderChange, order=st.builds(Reference, id=names), action=ACTION, task=words,
        windows=windows.map(lambda window: (window,)), route=st.builds(Route, name=names),
        permitted=references.filter(bool),
    ),
)  # fmt: skip
stocks = st.builds(
    LogisticsStatus,
    as_of=instants,
    lines=st.lists(
        st.builds(
            StockLine, item=names, supply_class=names, unit=names, on_hand=st.integers(0, 9_999).map(float),
            days_of_supply=st.none() | st.integers(0, 99).map(float),
        ),
        min_size=1, max_size=4,
    ).map(tuple),
    remarks=st.just("") | words,
)  # fmt: skip
CARRIED: dict[str, st.SearchStrategy[Any]] = {
    "situation": situations, "patrol report": patrol_reports(), "incident": incidents, "request": requests,
    "order": orders, "amendment": changes, "stocks": stocks,
}  # fmt: skip


@pytest.mark.parametrize("what", CARRIED)
@given(data=st.data(), language=st.sampled_from(("", *vocabulary.LANGUAGES)), revision=st.integers(1, 9))
def test_a_report_is_read_back(what: str, data: st.DataObject, language: str, revision: int) -> None:
    body = data.draw(CARRIED[what])
    sent = registry.pack(body, id="XAR-1", originator="xar-batt", revision=revision, lang=language)
    written = adapters.adapter("text").encode([sent], {})
    text = written.data.decode()
    assert all(len(line) <= 70 for line in text.splitlines()), text
    assert not written.losses, (written.losses, text)
    (back,) = adapters.adapter("text").decode(written.data, context()).messages
    assert (back.id, back.revision, back.lang) == ("XAR-1", revision, language or "en")
    assert meaning(back) == meaning(sent), text


@pytest.mark.parametrize("reality", ["exercise", "test"])
@pytest.mark.parametrize("language", vocabulary.LANGUAGES)
def test_an_exercise_stays_one_in_every_language(reality: Any, language: str) -> None:
    body = IncidentReport(category="fire", occurred=TimeValue(utc=RECEIVED_AT), place_name="FORD")
    sent = registry.pack(body, id="A", originator="xar-batt", lang=language, reality=reality)
    (back,) = adapters.adapter("text").decode(adapters.adapter("text").encode([sent], {}).data, context()).messages
    assert back.reality == reality


@pytest.mark.parametrize("language", vocabulary.LANGUAGES)
@pytest.mark.parametrize("template", FORMS)
def test_a_title_is_read_as_its_template_in_its_language(template: str, language: str) -> None:
    for title in vocabulary.tables(language)["titles"][template]:
        assert vocabulary.titled(title.upper()).template == template, title


@pytest.mark.parametrize("language", vocabulary.LANGUAGES)
@pytest.mark.parametrize("template", FORMS)
def test_every_field_has_a_label_that_is_read_as_it(template: str, language: str) -> None:
    form = FORMS[template]
    first = form.tables[0]
    for key, listed in vocabulary.tables(language)[first].items():
        assert any(key_of(word, form, language) == key for word in listed), (template, language, key)


def test_a_name_of_a_casualty_is_nowhere_in_what_was_read() -> None:
    data = b"INCIDENT REPORT\nType: fire\nLocation: FORD\nNames of casualties: Pte Fictitious Example\n"
    found = adapters.adapter("text").decode(data, context())
    assert "Fictitious" not in repr(found)
    assert [(loss.path, loss.value) for loss in found.losses] == [("line 4: Names of casualties", "(withheld)")]


def test_prose_never_becomes_an_order() -> None:
    data = b"""FRAGO
Order no: F-1
Task to: A Coy
Task: hold the bridge
3. EXECUTION
   B Coy moves to FORD at 141000ZMAR27 with 12 trucks.
"""
    (order,) = adapters.adapter("text").decode(data, context()).messages
    body = registry.body(order)
    assert isinstance(body, Directive)
    assert (body.windows, body.vehicles, body.route, body.area) == ((), (), None, None)
    assert [text.text for text in order.texts] == ["EXECUTION\nB Coy moves to FORD at 141000ZMAR27 with 12 trucks."]


def test_an_allegation_is_not_an_attribution() -> None:
    data = b"CEASE-FIRE VIOLATION\nParty alleged: XBL\nTime: 140605ZMAR27\nLocation: FORD\n"
    (report,) = adapters.adapter("text").decode(data, context()).messages
    body = registry.body(report)
    assert isinstance(body, IncidentReport)
    assert body.violation == Violation(attribution="undetermined")
    assert body.actors == (Actor(role="party", description="XBL"),)


def test_a_position_is_read_alike_in_all_its_forms() -> None:
    forms = ("2.0000N 27.0000W", "LATM:0200N02700W", "2\u00b000'N 27\u00b000'W", "N2.0 W27.0", "S-2.0 W27.0")
    found = []
    for written in forms[:4]:
        data = f"SALUTE\nSize: 2\nLocation: {written}\nTime: 140640ZMAR27\n".encode()
        (message,) = adapters.adapter("text").decode(data, context()).messages
        at: Position | None = registry.body(message).position  # type: ignore[attr-defined]  # an observation
        assert at is not None
        found.append((round(at.lat, 6), round(at.lon, 6)))
    assert set(found) == {(2.0, -27.0)}


@pytest.mark.parametrize("cut", [b"", b"no header", b"\r\n \r"])
def test_headers_without_an_end_are_read_at_once(cut: bytes) -> None:
    mail_ = b"Received: from relay\r\n\tby relay\r\n" * 400 + b"Subject: SITREP\r\n" + cut
    began = process_time()
    read("text", mail_)
    assert process_time() - began < 2


def test_a_language_without_words_of_its_own_is_no_obstacle() -> None:
    abroad = Context(participant="xar-batt", received_at=RECEIVED_AT, lang="de")
    text = b"".join(b"%d. 26N NH 12345 67890\n" % n for n in range(1, 7))
    found = read("text", text, abroad)
    assert isinstance(found, Rejected)
    assert found.path != "input"
