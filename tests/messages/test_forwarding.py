"""What a newer release wrote passes through intake and the log of this one, to the byte."""

import json

import msgspec
import pytest

from coordinator.core.mission import Mission, Participant
from coordinator.services.judge import Accepted, Input, judge
from schemas import registry, subjects
from schemas.acknowledgements import Refusal

MISSION = Mission(name="m", participants=(Participant(id="xar", nation="XAR"),), kinds=("weather-forecast",))


def accepted(kind: str, body: str, **fields: object) -> bytes:
    """The bytes that stand in the log after a message was sent."""
    rest = "".join(f',"{name}":{json.dumps(value)}' for name, value in fields.items())
    data = f'{{"id":"XAR-1","kind":"{kind}","originator":"xar","body":{body}{rest}}}'.encode()
    verdict = judge(Input("one", subjects.native("xar", kind), data, 1), MISSION, "live", 1_000_000)
    assert isinstance(verdict, Accepted), verdict
    return verdict.messages[0][2]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message", '{"text":"hello","mood":{"as":["ever"]}}'),  # a field that nobody here knows
        ("weather-forecast", '{"wind_mps":12.50,"gusts":null}'),  # a kind that the mission carries
    ],
)
def test_what_is_unknown_here_stands_in_the_log_as_it_was_sent(kind: str, body: str) -> None:
    logged = accepted(kind, body)
    assert body.encode() in logged
    assert registry.encode(registry.envelope(logged)) == logged


def test_a_newer_version_of_a_known_kind_is_carried_and_not_read() -> None:
    logged = registry.envelope(accepted("message", '{"words":["hello"]}', version=2))
    assert bytes(logged.body) == b'{"words":["hello"]}'
    with pytest.raises(registry.UnknownKind):
        registry.body(logged)


def test_a_kind_that_nobody_registered_is_refused_with_the_mend() -> None:
    data = b'{"id":"XAR-1","kind":"horoscope","originator":"xar","body":{}}'
    verdict = judge(Input("one", subjects.native("xar", "horoscope"), data, 1), MISSION, "live", 1_000_000)
    assert isinstance(verdict, Refusal)
    assert verdict.path.endswith("kind")
    assert verdict.hint


def test_a_cancellation_of_any_kind_is_accepted() -> None:
    logged = registry.envelope(accepted("movement", '{"reason":"rain"}', status="cancel", revision=2))
    assert msgspec.json.decode(logged.body) == {"reason": "rain"}
