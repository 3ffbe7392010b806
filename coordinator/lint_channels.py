"""Lint of channels: names that can stand in a cursor, addresses of one participant each, formats that exist."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import adapters
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.errors import ConfigFinding
from schemas import registry, subjects

_MAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_NUMBER: Final = re.compile(r"[^\s/]+")
_URL: Final = re.compile(r"https://[^\s/@?#]+(?:[/?][^\s#]*)?")
_ADDRESS: Final = {
    "webhook": (_URL, "a webhook goes nowhere without a URL", 'write address = "https://xar.example/deliveries"'),
    "smtp": (_MAIL, "mail goes nowhere without an address", 'write address = "duty@xar.example"'),
    "short": (_NUMBER, "a short message goes nowhere without a number", 'write address = "+000555012", no blanks'),
}
"""Kinds that need an address: what it looks like, what is wrong without it, how to mend it."""
_SENDERS: Final = ("smtp", "short")
"""Kinds whose address says whose input it is."""
_ONLY: Final = {"tak": "cot"}
"""Kinds that carry one format only."""
_KINDS: Final = registry.PARTICIPANT_KINDS | {"finding", "alert", "inquiry"}


def _channels(mission: Mission) -> Iterator[ConfigFinding]:
    for i, participant in enumerate(mission.participants):
        for j, channel in enumerate(participant.channels):
            yield from _channel(mission, participant, channel, j, f"participants[{i}].channels[{j}]")


def _channel(mission: Mission, owner: Participant, channel: Channel, place: int, path: str) -> Iterator[ConfigFinding]:
    yield from _name(owner, channel, place, path)
    yield from _address(channel, path)
    yield from _format(owner, channel, path)
    for kind in channel.carries:
        if kind not in _KINDS | set(mission.kinds):
            what = f'no kind "{kind}"; known: {", ".join(sorted(_KINDS))}'
            yield ConfigFinding(path=f"{path}.carries", what=what, hint="leave carries out to carry everything")
    yield from _language(channel, path)
    if channel.max_bytes < 0:
        yield ConfigFinding(path=f"{path}.max_bytes", what="is less than nothing", hint="0 is what the bearer takes")


def _name(owner: Participant, channel: Channel, place: int, path: str) -> Iterator[ConfigFinding]:
    try:
        subjects.token(channel.name)
    except subjects.SubjectError as error:
        yield ConfigFinding(path=f"{path}.name", what=str(error))
    if channel.name in [c.name for c in owner.channels[:place]]:
        what = f'"{owner.id}" has two channels "{channel.name}"'
        yield ConfigFinding(path=f"{path}.name", what=what, hint="give one of them another name")


def _address(channel: Channel, path: str) -> Iterator[ConfigFinding]:
    if channel.kind in _ADDRESS:
        form, what, hint = _ADDRESS[channel.kind]
        if not form.fullmatch(channel.address):
            what = f'"{channel.address}" is no address' if channel.address else what
            yield ConfigFinding(path=f"{path}.address", what=what, hint=hint)


def _language(channel: Channel, path: str) -> Iterator[ConfigFinding]:
    if not channel.language:
        return
    from coordinator.texts import languages  # reads all texts: only where they are asked for

    if channel.language.partition("-")[0].casefold() not in languages():
        what = f'there are no texts in "{channel.language}"; there are: {", ".join(languages())}'
        yield ConfigFinding(path=f"{path}.language", what=what)


def _format(owner: Participant, channel: Channel, path: str) -> Iterator[ConfigFinding]:
    only = _ONLY.get(channel.kind)
    if only and channel.format not in ("", only):
        what = f'a {channel.kind} channel carries "{only}" only'
        yield ConfigFinding(path=f"{path}.format", what=what, hint="leave format out")
    said = channel.format or ("" if channel.kind in (*_ONLY, "short") else owner.format)
    if said and said not in adapters.names():
        what = f'no format "{said}"; known: {", ".join(adapters.names())}'
        yield ConfigFinding(path=f"{path}.format", what=what)


def _shared(mission: Mission) -> Iterator[ConfigFinding]:
    """Find addresses that would not say whose input it is."""
    owners: dict[tuple[str, str], str] = {}
    for i, participant in enumerate(mission.participants):
        for j, channel in enumerate(participant.channels):
            key = (channel.kind, channel.address.casefold())
            if (
                channel.kind in _SENDERS
                and channel.address
                and owners.setdefault(key, participant.id) != participant.id
            ):
                what = f'"{channel.address}" is the address of "{owners[key]}" as well'
                path = f"participants[{i}].channels[{j}].address"
                yield ConfigFinding(path=path, what=what, hint="what comes from it must be of one participant")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_channels, _shared)
