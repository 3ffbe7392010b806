"""How a participant gets what is delivered to it by one channel: the channel's profile, and the participant's where it
says nothing.
"""

from typing import Final, NamedTuple

from coordinator.core.mission import Channel, Mission

FORMATS: Final = {"short": "short", "tak": "cot"}
"""The format of a kind of bearer that carries no other, or is made for one; elsewhere it is the participant's."""


class Profile(NamedTuple):
    """What rendering must know of a channel. ``limit`` is the most bytes of one thing; 0 is whatever the bearer takes.

    ``asks`` is whom the participant asks about what did not fit: its superior's duty desk, or its superior, or "".
    """

    participant: str
    channel: Channel
    format: str
    language: str
    said_in: str  # the language in which release wrote findings and cards
    limit: int = 0
    asks: str = ""


def profile_of(mission: Mission, participant: str, channel: Channel) -> Profile:
    """Return the profile of a channel of a participant."""
    known = mission.by_id[participant]
    return Profile(
        participant=participant,
        channel=channel,
        format=channel.format or FORMATS.get(channel.kind, known.format),
        language=channel.language or known.language,
        said_in=known.language,
        limit=channel.max_bytes,
        asks=_asks(mission, participant),
    )


def _asks(mission: Mission, participant: str) -> str:
    superiors = mission.superiors(participant)
    desks = sorted(d for s in superiors[:1] for d in mission.desks((s,)) if d != participant)
    found = next(iter((*desks, *superiors)), "")
    known = mission.by_id.get(found)
    return (known.name if known else "") or found.upper()
