"""Which kinds there are, how older versions become current, and what survives of a newer release."""

from contextlib import suppress
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import registry, subjects
from schemas.base import Message
from schemas.envelope import Envelope
from schemas.notices import Cancellation
from schemas.registry import UnknownKind

# Design §2, word for word. `config` is the body of config.mission.
FROM_PARTICIPANTS = """sitrep incident medevac logistics hazard movement protected-site route-state observation message
    position directive caveat agreement liaison-request liaison-response acknowledgement action"""
FROM_SERVICES = "receipt refusal finding alert presence delivery heartbeat inquiry whereabouts tick seal config"


def envelope(kind: str, body: bytes, **fields: Any) -> Envelope:
    """An envelope of a kind around these bytes."""
    return Envelope(id="XAR-1", kind=kind, originator="xar", body=msgspec.Raw(body), **fields)


# -- kinds ------------------------------------------------------------------------------------------------------------


def test_the_kinds_of_the_design_are_registered_and_no_others() -> None:
    assert set(FROM_PARTICIPANTS.split()) == registry.PARTICIPANT_KINDS
    assert set(registry.KINDS) == {*FROM_PARTICIPANTS.split(), *FROM_SERVICES.split()}


def test_no_two_structs_share_a_kind() -> None:
    assert len(registry.KINDS) == len((*registry.FROM_PARTICIPANTS, *registry.FROM_SERVICES))


@pytest.mark.parametrize("kind", sorted(registry.KINDS))
def test_a_kind_is_a_token_with_a_description(kind: str) -> None:
    struct = registry.KINDS[kind]
    assert subjects.token(struct.KIND) == kind
    assert struct.__doc__


def test_what_is_packed_is_read_back() -> None:
    notice = Cancellation(reason="no longer needed")
    packed = registry.pack(notice, id="XAR-1", originator="xar", kind="movement", status="cancel", revision=3)
    read = registry.envelope(registry.encode(packed))
    assert read.key == "XAR-1:3"
    assert registry.body(read) == notice


# -- versions ---------------------------------------------------------------------------------------------------------


class Third(Message):
    """What a kind looks like after two changes of meaning: minutes became seconds, and then got a unit's name."""

    KIND: ClassVar[str] = "movement"
    VERSION: ClassVar[int] = 3

    length_s: int
    unit: str


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let version 3 of a kind be current, with an upcaster from each version before."""
    monkeypatch.setitem(registry.KINDS, "movement", Third)
    monkeypatch.setitem(registry._bodies, "movement", msgspec.json.Decoder(Third))
    monkeypatch.setitem(registry.UPCASTERS, ("movement", 1), lambda old: {"length_s": old["minutes"] * 60})
    monkeypatch.setitem(registry.UPCASTERS, ("movement", 2), lambda old: {**old, "unit": "unknown"})


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize(
    ("version", "body", "unit"),
    [
        (1, b'{"minutes": 20}', "unknown"),
        (2, b'{"length_s": 1200}', "unknown"),
        (3, b'{"length_s": 1200, "unit": "A Coy"}', "A Coy"),
    ],
)
def test_every_older_version_is_read_as_the_current_one(version: int, body: bytes, unit: str) -> None:
    assert registry.body(envelope("movement", body, version=version)) == Third(length_s=1200, unit=unit)


@pytest.mark.usefixtures("third")
def test_upcasting_leaves_the_message_as_it_was() -> None:
    old = envelope("movement", b'{"minutes": 20}')
    registry.body(old)
    assert bytes(old.body) == b'{"minutes": 20}'
    assert old.version == 1


@pytest.mark.usefixtures("third")
def test_a_cancellation_needs_no_upcaster() -> None:
    cancelled = envelope("movement", b'{"reason": "rain"}', version=1, status="cancel")
    assert registry.body(cancelled) == Cancellation(reason="rain")


def test_a_packed_message_says_its_version(third: None) -> None:
    assert registry.pack(Third(length_s=1, unit=""), id="XAR-1", originator="xar").version == 3


def test_a_newer_version_is_unknown_and_not_guessed() -> None:
    with pytest.raises(UnknownKind, match='kind "movement" version 2 is not registered here') as raised:
        registry.body(envelope("movement", b"{}", version=2))
    assert (raised.value.kind, raised.value.version) == ("movement", 2)


# -- newer releases ---------------------------------------------------------------------------------------------------

_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(_json, st.sampled_from(["movement", "weather-forecast"]), st.integers(1, 9))
def test_a_body_travels_untouched_whatever_it_is(value: Any, kind: str, version: int) -> None:
    body = msgspec.json.format(msgspec.json.encode(value), indent=3)  # with blanks that our encoder would not write
    stored = registry.encode(envelope(kind, body, version=version))
    assert bytes(registry.envelope(stored).body) == body
    assert registry.encode(registry.envelope(stored)) == stored


def test_a_kind_of_a_newer_release_can_be_carried_but_not_read() -> None:
    carried = registry.envelope(registry.encode(envelope("weather-forecast", b'{"wind": 12}')))
    assert bytes(carried.body) == b'{"wind": 12}'
    with pytest.raises(UnknownKind, match="known: acknowledgement, action"):
        registry.body(carried)


def test_a_reader_passes_over_fields_of_a_newer_release() -> None:
    data = b'{"id":"A","kind":"message","originator":"xar","mood":1,"body":{"text":"hello","mood":{"as":"ever"}}}'
    read = registry.envelope(data)
    assert registry.body(read) == registry.KINDS["message"](text="hello")
    assert bytes(read.body) == b'{"text":"hello","mood":{"as":"ever"}}'


# -- cancellations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(registry.PARTICIPANT_KINDS))
def test_every_kind_can_be_cancelled_without_its_body(kind: str) -> None:
    assert registry.body(envelope(kind, b"{}", status="cancel")) == Cancellation()


def test_a_cancellation_is_read_even_of_a_kind_that_nobody_knows() -> None:
    cancelled = envelope("weather-forecast", b'{"reason":"wrong day"}', status="cancel", version=7)
    assert registry.body(cancelled) == Cancellation(reason="wrong day")


# -- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"id":"A","kind":"sitrep","body":{}}', "missing required field `originator`"),
        (b'{"id":"","kind":"sitrep","originator":"xar","body":{}}', "`$.id`"),
        (b'{"id":"A","kind":"SITREP","originator":"xar","body":{}}', "`$.kind`"),
        (b'{"id":"A","kind":"sitrep","originator":"x.r","body":{}}', "`$.originator`"),
        (b'{"id":"A","kind":"sitrep","originator":"xar","revision":0,"body":{}}', "`$.revision`"),
        (b'{"id":"A","kind":"sitrep","originator":"xar","precedence":"urgent","body":{}}', "`$.precedence`"),
        (b'{"id":"A","kind":"sitrep","originator":"xar","addressees":[{"to":"*"}],"body":{}}', "`$.addressees[0].to`"),
    ],
)
def test_an_error_in_an_envelope_names_its_place(data: bytes, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        registry.envelope(data)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("incident", b'{"category":"fire","position":{"lat":91.2,"lon":0}}', "`$.position.lat`"),
        ("medevac", b'{"precedences":{"urgent":-1}}', "`$.precedences.urgent`"),
        ("directive", b'{"directive_kind":"frago","amends":[{"order":{"id":"A"},"exclusive":1}]}', "`$.amends[0].excl"),
        ("hazard", b'{"hazard_kind":"range","area":{"type":"square"}}', "`$.area.type`"),
        ("route-state", b'{"section":"KESSA","load_class":"40"}', "`$.load_class`"),
        ("tick", b'{"service":"alerting"}', "missing required field `due`"),
    ],
)
def test_an_error_in_a_body_names_its_place(kind: str, body: bytes, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        registry.body(envelope(kind, body))
    assert said in str(raised.value)


@given(st.binary())
def test_any_bytes_are_an_envelope_or_an_error(data: bytes) -> None:
    with suppress(msgspec.ValidationError, msgspec.DecodeError):
        assert isinstance(registry.envelope(data), Envelope)
