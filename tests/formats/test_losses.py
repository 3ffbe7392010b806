"""What stands beside the body of a message: no format drops another language, or that an answer is wanted, silently."""

import pytest
from msgspec.structs import replace

import adapters
from adapters.base import Context, Rejected
from coordinator.demo import samples
from coordinator.demo.samples import Scene
from schemas import registry
from schemas.envelope import Envelope, LangText
from schemas.geo import Position
from tests.formats.cases import RECEIVED_AT

SCENE = Scene("xar-batt", "A Coy", "KESSA", Position(lat=2.0, lon=-27.0), RECEIVED_AT)
TEXTS = (LangText(text="The ferry does not run.", lang="en"), LangText(text="Le bac ne circule pas.", lang="fr"))
WRITTEN = sorted((name, kind) for name in adapters.names() for kind in adapters.adapter(name).writes & samples.kinds())


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(("format_", "kind"), WRITTEN)
def test_texts_and_a_wanted_answer_come_back_or_are_losses(format_: str, kind: str) -> None:
    adapter = adapters.adapter(format_)
    message: Envelope = replace(samples.message(kind, SCENE), texts=TEXTS, ack_required=True)
    try:
        written = adapter.encode((message,), {})
        back = adapter.decode(written.data, Context(participant="xar-batt", received_at=RECEIVED_AT)).messages
    except Rejected:
        pytest.skip("this sample cannot be written, or what was written is not read by this format")
    lost = {loss.path.removeprefix(f"{message.key}: ") for loss in written.losses}
    said = letters("".join(registry.encode(m).decode() for m in back))
    for number, text in enumerate(TEXTS):
        assert (letters(text.text) in said) != (f"texts[{number}]" in lost)
    assert any(m.ack_required for m in back) != ("ack_required" in lost)


def test_a_wanted_answer_that_was_added_does_not_go_out_as_the_original() -> None:
    adapter = adapters.adapter("cot")
    data = adapter.encode((samples.message("incident", SCENE),), {}).data
    [read] = adapter.decode(data, Context(participant="xar-batt", received_at=RECEIVED_AT)).messages
    assert read.source is not None
    originals = {read.source.sha256: data}
    assert adapter.encode((read,), originals).losses == ()
    assert "ack_required" in {x.path.rpartition(" ")[2] for x in adapter.encode(
        (replace(read, ack_required=not read.ack_required),), originals).losses}  # fmt: skip
