"""Messages that were sent once stay readable for ever: `corpus/<kind>/` is only ever added to."""

from pathlib import Path

import msgspec
import pytest

from schemas import published, registry

CORPUS = Path(__file__).parent / "corpus"
MESSAGES = sorted(CORPUS.rglob("*.json"))


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_message_of_the_corpus_is_read_completely(file: Path) -> None:
    data = file.read_bytes()
    written = msgspec.json.decode(data)
    envelope = registry.envelope(data)
    body = registry.body(envelope)
    assert envelope.kind == file.parent.name
    assert msgspec.json.decode(registry.encode(envelope)) == written
    if envelope.status == "cancel" or envelope.version == published.version(envelope.kind):
        assert msgspec.json.decode(registry.encode(body)) == written["body"]


def test_every_kind_of_a_participant_has_a_message() -> None:
    assert {file.parent.name for file in MESSAGES} >= registry.PARTICIPANT_KINDS


def test_every_older_version_has_a_message() -> None:
    kept = {(e.kind, e.version) for e in (registry.envelope(file.read_bytes()) for file in MESSAGES)}
    older = {(k, v) for k in registry.PARTICIPANT_KINDS for v in range(1, published.version(k))}
    assert older <= kept, "keep a message of the version that is gone, so that its upcaster is tried for ever"


def test_no_two_messages_have_one_identity() -> None:
    keys = [(e.originator, e.kind, e.key) for e in (registry.envelope(file.read_bytes()) for file in MESSAGES)]
    assert len(keys) == len(set(keys))
