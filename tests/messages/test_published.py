"""What the bus says of itself in JSON Schema and AsyncAPI is what it does."""

from typing import Any

import msgspec
import pytest

from coordinator import ports, topology
from coordinator.edges.nats import wire
from schemas import asyncapi, published, registry, subjects
from schemas.asyncapi import CHANNELS, FREE, PARTICIPANT, Channel

DOCUMENT = asyncapi.document("1.2.3")


def references(value: Any) -> set[str]:
    """Every ``$ref`` in a document."""
    if isinstance(value, list):
        return {found for item in value for found in references(item)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*(references(item) for item in value.values())) if value else own


def resolves(document: dict[str, Any], reference: str) -> bool:
    """Whether a reference leads somewhere in its document."""
    place: Any = document
    for step in reference.removeprefix("#/").split("/"):
        if step not in place:
            return False
        place = place[step]
    return True


def example(channel: Channel) -> str:
    """A subject of a channel."""
    return ".".join("a" if token.startswith("{") else token for token in channel.address.split("."))


# -- JSON Schema ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(published.PUBLISHED))
def test_a_schema_is_complete_in_itself(name: str) -> None:
    document = published.schema(name)
    assert document["$schema"] == published.DIALECT
    assert all(resolves(document, reference) for reference in references(document))


@pytest.mark.parametrize("kinds", [(), ("sitrep",), ("sitrep", "directive")])
def test_the_schema_of_messages_is_complete_in_itself(kinds: tuple[str, ...]) -> None:
    document = published.message(*kinds)
    assert all(resolves(document, reference) for reference in references(document))
    tested = [rule["if"]["properties"].get("kind", {}).get("const") for rule in document["allOf"] if "if" in rule]
    assert tested == [None, *(kinds or sorted(registry.KINDS))]  # the first is for cancellations


def test_a_message_of_a_later_version_must_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.KINDS["sitrep"], "VERSION", 2)
    rule = published.message("sitrep")["allOf"][-1]["if"]
    assert rule["properties"]["version"] == {"const": 2}
    assert rule["required"] == ["kind", "version"]


def test_people_get_the_words_and_snapshots_do_not() -> None:
    assert "description" in published.schema("position")["$defs"]["Position"]["properties"]["lat"]
    assert "description" not in published.snapshot("position")["$defs"]["Position"]["properties"]["lat"]
    assert "description" in published.snapshot("incident")["$defs"]["Actor"]["properties"]  # a field of that name


@pytest.mark.parametrize("of", [published.schema, published.message, published.snapshot])
def test_an_unknown_kind_is_an_error(of: Any) -> None:
    with pytest.raises(registry.UnknownKind, match="weather"):
        of("weather")


# -- AsyncAPI ---------------------------------------------------------------------------------------------------------


def test_the_document_is_complete_in_itself() -> None:
    assert DOCUMENT["info"]["version"] == "1.2.3"
    assert all(resolves(DOCUMENT, reference) for reference in references(DOCUMENT))
    assert msgspec.json.decode(published.encode(DOCUMENT)) == DOCUMENT


def test_every_kind_travels_somewhere() -> None:
    assert {kind for channel in CHANNELS.values() for kind in channel.carries} == {FREE, *registry.KINDS}


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_has_its_parameters_and_no_others(name: str) -> None:
    described = DOCUMENT["channels"][name]
    used = {token[1:-1] for token in described["address"].split(".") if token.startswith("{")}
    assert set(described["parameters"]) == used


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS.keys())
def test_a_channel_is_stored_where_it_says(channel: Channel) -> None:
    declared = topology.build(("a",))
    stream = declared.storing(topology.COORD, example(channel)) or declared.storing("a", example(channel))
    assert (stream.name if stream else "") == channel.stream
    assert stream is None or (stream.owner == topology.COORD) == (channel.account == "COORD")


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS.keys())
def test_a_participant_may_write_what_the_document_says_and_nothing_else(channel: Channel) -> None:
    allowed = topology.build(("a",)).permits("a", "publish", example(channel))
    assert allowed == (channel.writes == PARTICIPANT)


def test_operations_are_those_of_a_participant() -> None:
    assert set(DOCUMENT["operations"]) == {
        "send-raw", "send-native", "send-track", "send-ask", "receive-delivery", "receive-board",
    }  # fmt: skip


def test_headers_are_spelled_as_the_code_does() -> None:
    known = {ports.ID, ports.CHANNEL, ports.BEARER_ID, ports.BATCH, ports.ON_BEHALF_OF, ports.LOGGED_AT, ports.LOG_SEQ}
    known |= {wire.SENT_ID, ports.SPOKEN_BY}
    assert set(DOCUMENT["components"]["messages"]["sitrep"]["headers"]["properties"]) == known


def test_addresses_are_those_of_the_design() -> None:
    assert DOCUMENT["channels"]["delivery"]["address"] == "to.{participant}.{precedence}.{kind}"
    assert DOCUMENT["channels"]["board"]["address"] == "board.{participant}.{kind}.{id}"
    assert DOCUMENT["channels"]["config"]["address"] == subjects.CONFIG
