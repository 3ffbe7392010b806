"""What goes out by a channel: all of it or a notice, in the channel's words, and never what release left out."""

import re
from importlib import resources
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters
from adapters import places
from adapters.written import grid
from coordinator import texts
from coordinator.client import Outcome
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.errors import Undelivered
from coordinator.gates import rendering, words
from coordinator.gates.profiles import Profile, profile_of
from coordinator.gates.readable import readable
from coordinator.ports import Delivery, Departure
from schemas import registry, subjects
from schemas.alerts import Alert, Member, Told
from schemas.directives import Directive
from schemas.envelope import Contact, Envelope, LangText
from schemas.findings import Evidence, Finding, Option, Party
from schemas.reports import TextMessage
from schemas.time import TimeValue, TimeWindow
from tests.core.test_leak import allowed
from tests.support.examples import times
from tests.support.released import Office
from tests.support.secrets import PEOPLE, Entry, log, mission, scripts

T0 = 1_805_000_000_000_000
LANGUAGES = ("ar", "en", "es", "fr", "pt", "ru", "zh")
WORLD = Mission(
    name="m",
    participants=(
        Participant(id="fhq", name="FHQ"),
        Participant(id="joc", name="JOC", role="desk", superior="fhq"),
        Participant(id="xar", superior="fhq", language="fr", format="text"),
    ),
)
WHEN = TimeWindow(start_earliest=T0, end_latest=T0 + 3_600_000_000)
SAID = "A-1 and B-2 collide."
FINDING = Finding(
    id="f1", finding_kind="route-capacity", severity="CRITICAL", certainty="definite", state="open",
    parties=(Party(id="A-1", what="closure", issuer="fhq", units=("xar",), window=WHEN), Party(id="B-2")),
    evidence=Evidence(place="BRIDGE", at=(-27.0, 2.0), overlap=WHEN), arbiter="fhq", sentence=SAID,
    options=(Option(option="liaison", party="B-2", who="ocha"),),
)  # fmt: skip
CARD = Alert(
    id="k1", alert_kind="conflict", rev=3, material_rev=3, severity="Extreme", urgency="Immediate",
    certainty="Observed", told=(Told(participant="xar", since=1),), arbiter="fhq", place="BRIDGE", at=(-27.0, 2.0),
    members=(Member(finding="f1", finding_kind="route-capacity", severity="CRITICAL", state="open", sentence=SAID),),
    event_from=T0, event_to=T0 + 3_600_000_000, headline="Conflict at BRIDGE", next_step="Acknowledge",
)  # fmt: skip


def profile(**given: Any) -> Profile:
    channel = Channel(**{"name": "c", "kind": "files", **given})
    return profile_of(WORLD, "xar", channel)


def packed(body: Any, id_: str = "M-1", **fields: Any) -> Envelope:
    return registry.pack(body, id=id_, originator=fields.pop("by", "fhq"), received_at=T0, **fields)


def out(envelope: Envelope, to: Profile, precedence: Any = "flash") -> Departure:
    subject = subjects.delivery("xar", precedence, envelope.kind)
    return rendering.departure(Delivery("INBOX", 7, subject, registry.encode(envelope), {}, T0), to)


def order(**fields: Any) -> Envelope:
    body = Directive(directive_kind="frago", task="close the bridge", action="block", windows=(WHEN,))
    return packed(body, "F-1", **fields)


def test_a_card_says_how_bad_what_when_where_who_has_it_and_what_to_do_next() -> None:
    said = out(packed(CARD), profile()).data.decode()
    assert said.splitlines() == [
        "FLASH ALERT k1:3",
        "QUOI: Conflict at BRIDGE",
        "NIVEAU: EXTRÊME, Immédiat, Observé",
        "ÉTAT: émise",
        "ENTRE: CRITIQUE ouvert: A-1 and B-2 collide. (f1)",
        "QUAND: 140453:20ZMAR27 - 140553:20ZMAR27 UTC",
        "OÙ: BRIDGE; 26N NH 00000 21060; 2.0000N 27.0000W",
        "QUI S’EN CHARGE: personne encore",
        "INFORMÉS: xar",
        "PEUT DÉCIDER: fhq",
        "À FAIRE: Acknowledge",
        "ID: k1:3",
    ]


def test_a_finding_names_its_parties_and_the_ways_out() -> None:
    said = out(packed(FINDING), profile(language="en")).data.decode()
    assert "BETWEEN: A-1:1 closure fhq > xar (140453:20ZMAR27 - 140553:20ZMAR27 UTC)" in said
    assert "NEXT: Settle it with fhq" in said
    assert "WAY OUT: ocha can be talked to about B-2." in said


@pytest.mark.parametrize("body", [FINDING, CARD])
@pytest.mark.parametrize("name", adapters.names())
def test_findings_and_cards_go_out_in_every_format_with_what_they_say(name: str, body: Any) -> None:
    departure = out(packed(body), profile(format=name))
    assert b"collide" in departure.data or b"Conflict at BRIDGE" in departure.data
    assert departure.format in (name, "text")


def test_what_cot_cannot_write_goes_as_chat() -> None:
    departure = out(packed(CARD), profile(kind="tak"))
    assert (departure.format, departure.name[-4:]) == ("cot", ".cot")
    [message] = adapters.adapter("cot").decode(departure.data, adapters.base.Context(received_at=T0)).messages
    assert message.kind == "message"
    assert "EXTRÊME" in registry.body(message).text  # type: ignore[attr-defined]


def test_what_a_form_has_no_place_for_stands_below_it() -> None:
    said = out(order(ack_required=True), profile(language="en")).data.decode()
    assert "FROM: fhq" in said
    told = msgspec.structs.replace(registry.body(order()), contact=Contact(radio="NORTH 0"))
    paragraphs = (LangText(text="3. Execution: only by day", role="instruction"),)
    chat = out(packed(told, texts=paragraphs), profile(format="cot", kind="tak")).data.decode()
    assert "contact.radio: NORTH 0" in chat
    assert "only by day" in chat


@pytest.mark.parametrize("name", sorted(adapters.adapter("sheet").writes))
def test_a_form_that_cannot_say_all_says_that_in_the_subject(name: str) -> None:
    written = rendering.Written(b"x", "sheet", ".csv", 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "render", lambda _: written)
        assert "[NO PLACE IN THIS FORM: 4]" in out(order(), profile(language="en")).subject


def test_labels_are_in_the_channels_language_and_words_stay_their_authors() -> None:
    french = out(order(), profile()).data.decode()
    russian = out(order(), profile(language="ru")).data.decode()
    assert french.startswith("ORDRE FRAGMENTAIRE")
    assert french.splitlines()[0] != russian.splitlines()[0]
    assert "close the bridge" in french
    assert "close the bridge" in russian


def test_a_kind_of_a_newer_release_is_shown_as_it_stands() -> None:
    unknown = Envelope(id="X-1", kind="drone-swarm", originator="fhq", body=msgspec.Raw(b'{"count":12}'))
    assert '{"count":12}' in readable(unknown, "flash", "en")
    assert b'"count":12' in out(unknown, profile(format="native")).data


def test_a_message_that_breaks_a_format_goes_out_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(type(adapters.adapter("geojson")), "encode", broken)
    departure = out(order(), profile(format="geojson"))
    assert departure.format == "text"
    assert b"close the bridge" in departure.data


def test_an_exercise_says_so_first() -> None:
    assert out(packed(CARD, reality="exercise"), profile()).subject.startswith("FLASH EXERCISE ALERT")


# -- too long ---------------------------------------------------------------------------------------------------------


@given(st.integers(1, 3_000), st.sampled_from(("text", "cot", "native", "geojson")), st.sampled_from(LANGUAGES))
def test_nothing_is_ever_cut(limit: int, name: str, language: str) -> None:
    long = packed(TextMessage(text="word " * 400 + "end"), "LONG-1")
    to = profile(format=name, language=language, max_bytes=limit)
    try:
        departure = out(long, to)
    except Undelivered as error:
        assert not error.retry
        return
    said = departure.data.decode()
    assert len(departure.data) <= limit
    if " end" not in said:
        assert "LONG-1" in said
        assert "FLASH" in said
        assert "JOC" in said


def test_what_is_too_long_says_what_it_is_and_whom_to_ask() -> None:
    said = out(packed(TextMessage(text="word " * 400), "LONG-1"), profile(language="en", max_bytes=140)).data.decode()
    assert said.startswith("FLASH MESSAGE LONG-1:1\nToo long for this channel: ")
    assert said.endswith("at most 140. Nothing was cut. Ask JOC for LONG-1:1.\n")


def test_what_not_even_a_notice_fits_is_not_delivered() -> None:
    with pytest.raises(Undelivered, match="not even"):
        out(order(), profile(max_bytes=10))


# -- leaks ------------------------------------------------------------------------------------------------------------


@times(1 / 3)
@given(scripts(), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_what_release_left_out_is_in_no_bytes_of_any_format(script: list[Entry], tree: list[int]) -> None:
    world = mission(tree)
    office = Office(world)
    for entry in script:
        log(office, entry, script)
    secrets = allowed(script)
    for participant in PEOPLE:
        hidden = [word.encode() for word, readers in secrets.items() if participant not in readers]
        for name in adapters.names():
            to = profile_of(world, participant, Channel(name="c", kind="http", format=name))
            for seq, item in enumerate(office.inbox.get(participant, ()), 1):
                departure = rendering.departure(Delivery("INBOX", seq, item.subject, item.data, {}, T0), to)
                said = f"{departure.name} {departure.subject}".encode() + departure.data.lower()
                assert not [word for word in hidden if word in said], (participant, name)


# -- names, answers, texts --------------------------------------------------------------------------------------------


@given(st.text(max_size=300))
def test_a_name_is_always_a_safe_file_name_and_names_of_different_ids_differ(identity: str) -> None:
    safe = rendering._safe(identity)
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80}", safe)
    assert rendering._safe(identity + "!") != safe


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("accepted", [True, False, None])
def test_an_answer_says_everything_in_every_language(language: str, accepted: bool | None) -> None:
    outcome = Outcome(
        name="a.txt", input="i-1", accepted=accepted, duplicate=True, ids=("S-1:1", "S-2:1", "S-3:1", "S-4:1"),
        losses=1234, warnings=("line 2: odd",) * 5, path="line 3", why="no time", hint="write HH:MM",
    )  # fmt: skip
    answered = words.answered(outcome, language)
    said = [
        *("a.txt", "i-1", "S-1:1", "line 2: odd"),
        *(("line 3", "no time", "write HH:MM") if accepted is False else ()),
    ]
    assert all(word in answered.text for word in said)
    assert re.search(r"1234", answered.text)
    assert msgspec.json.decode(answered.data, type=Outcome) == outcome


@pytest.mark.parametrize("file", ["answers.ftl", "deliveries.ftl"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_of_answers_and_deliveries_is_complete_in_every_language(language: str, file: str) -> None:
    def keys(lang: str) -> set[str]:
        text = resources.files("coordinator").joinpath("texts", lang, file).read_text(encoding="utf-8")
        return set(re.findall(r"(?m)^([a-z][a-z0-9-]*) =", text))

    assert keys(language) == keys("en")
    assert texts.say("answer-accepted", language, name="a") != texts.say("answer-refused", language, name="a")


def test_hostile_texts_cannot_steer_a_screen() -> None:
    said = readable(packed(CARD, texts=(LangText(text="x"),)), "flash", "en")
    evil = msgspec.structs.replace(CARD, headline="a\x1b[2J\u202eb\nNEXT: obey")
    assert "\x1b" not in readable(packed(evil), "flash", "en")
    assert "\u202e" not in readable(packed(evil), "flash", "en")
    assert len(readable(packed(evil), "flash", "en").splitlines()) == len(said.splitlines())


@given(st.floats(-80, 83.9999), st.floats(-180, 179.9999))
def test_a_grid_that_is_written_is_read_as_the_same_place(lat: float, lon: float) -> None:
    back = places.read(grid(lat, lon))
    assert abs(back.lat - lat) < 2e-5


def test_there_is_no_grid_at_the_poles() -> None:
    assert grid(84.0, 0.0) == grid(-80.5, 0.0) == ""


def test_an_instant_without_a_date_is_written_as_it_was_said() -> None:
    message = TextMessage(text="x", at=TimeValue(raw="at dawn"))
    assert "at: at dawn" in readable(packed(message), "flash", "en")
