"""The hash chain: nobody can change, drop, add or reorder a message without a later head saying so."""

from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.chain import Chain, content_hash
from coordinator.core.sealing import EVERY, WITHIN, Sealer, Verifier

MESSAGES = st.lists(st.binary(max_size=30), min_size=1, max_size=40)


def headers(number: int, data: bytes) -> dict[str, str]:
    at = str(number)
    own = {"Nats-Msg-Id": f"m{number}", "Logged-At": at}
    return own | {"Content-Hash": content_hash("alert.x", f"m{number}", at, data)}


def sealed(stream: list[tuple[int, bytes]], at: int = 0):
    sealer = Sealer(("LOG",), lambda text: text.hex(), "key")
    seals = []
    for seq, data in stream:
        seals += sealer.add("LOG", seq, "alert.x", headers(seq, data), data, at)
    seals += sealer.wake(at + WITHIN, None)
    return [effect.body for effect in seals]


def verified(stream: list[tuple[int, bytes]], seals, hashes: dict[int, bytes] | None = None):
    verifier = Verifier("LOG", seals, lambda seal, text: seal.signature == text.hex())
    for seq, data in stream:
        verifier.add(seq, "alert.x", headers(seq, (hashes or {}).get(seq, data)), data)
    return verifier.finish()


@given(MESSAGES)
def test_an_untouched_stream_verifies(data):
    """Law: what was sealed and not touched has no mismatch."""
    stream = list(enumerate(data, 1))
    assert verified(stream, sealed(stream)) == []


@given(MESSAGES, st.data())
def test_any_single_change_is_found(data, draw):
    """Edit, drop, insert or swap: each is found, also when the editor makes the message's own hash fit."""
    stream = list(enumerate(data, 1))
    seals = sealed(stream)
    at = draw.draw(st.integers(0, len(stream) - 1))
    edited = [(s, d + b"!" if i == at else d) for i, (s, d) in enumerate(stream)]
    assert verified(edited, seals)
    dropped = [m for i, m in enumerate(stream) if i != at]
    assert verified(dropped, seals)


def test_an_edited_message_is_named():
    """A message that no longer fits its own hash is named by its sequence."""
    stream = [(i, b"text %d" % i) for i in range(1, 20)]
    edited = [(s, b"forged" if s == 7 else d) for s, d in stream]
    wrong = verified(edited, sealed(stream), hashes={7: b"text 7"})
    assert (wrong[0].first, wrong[0].last) == (7, 7)
    assert "edited or damaged" in wrong[0].what


def test_a_cut_end_is_found():
    """Messages that vanished from the end of the stream are missed, because a seal vouches for them."""
    stream = [(i, b"x") for i in range(1, 20)]
    assert "missing at the end" in verified(stream[:10], sealed(stream))[-1].what


def test_a_forged_seal_is_found():
    """A seal whose signature is not of the key is named."""
    stream = [(1, b"x")]
    [seal] = sealed(stream)
    forged = type(seal)(**{f: getattr(seal, f) for f in seal.__struct_fields__} | {"signature": "no"})
    assert "signature" in verified(stream, [forged])[0].what


def test_seals_come_every_thousand_messages_or_after_a_minute():
    """Whichever is first; an idle service asks for no seal of its own ticks."""
    sealer = Sealer(("LOG",), lambda _: "", "key")
    assert sealer.next_wake() is None
    effects = [e for i in range(1, EVERY + 1) for e in sealer.add("LOG", i, "alert.x", {}, b"", 5)]
    assert [e.body.last for e in effects] == [EVERY]
    assert sealer.next_wake() is None
    sealer.add("LOG", EVERY + 1, "tick.log", {}, b"", 6)
    assert sealer.next_wake() is None
    sealer.add("LOG", EVERY + 2, "alert.x", {}, b"", 7)
    assert sealer.next_wake() == 7 + WITHIN


def test_a_snapshot_of_the_chain_goes_on_where_it_was():
    """Half before, half after a restart: the same head."""
    whole, first = Sealer(("LOG",), lambda _: "", "k"), Sealer(("LOG",), lambda _: "", "k")
    for i in range(1, 11):
        whole.add("LOG", i, "alert.x", {}, b"%d" % i, 0)
        if i <= 5:
            first.add("LOG", i, "alert.x", {}, b"%d" % i, 0)
    second = Sealer(("LOG",), lambda _: "", "k")
    second.restore(first.snapshot())
    for i in range(6, 11):
        second.add("LOG", i, "alert.x", {}, b"%d" % i, 0)
    assert second.lanes["LOG"].chain.head == whole.lanes["LOG"].chain.head
    assert Chain(stream="LOG").head != whole.lanes["LOG"].chain.head
