"""What an observer concludes from how many connections each participant has: lost, regained, read so far.

This is no fold: it looks at the outside and writes what it sees to the log, where the folds read it. Three rules:

* only participants with a standing link (``watched``) count, and whoever was never seen cannot be lost;
* a gap shorter than the mission's grace is a reconnect and not worth a word; a loss is dated from its beginning;
* the last message of a participant in the log is all the memory there is, so a restart neither repeats nor forgets. For
  that, ``read`` is logged only while the participant is connected, and once when it is first seen.

Source: design §2 (``presence.<p>``); domain.md §5.1, message 12.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from coordinator.core.mission import Mission
from coordinator.core.mission import Presence as Periods
from schemas.operations import Presence

SECOND: Final = 1_000_000


class Contact(NamedTuple):
    """What the observer knows of one participant. Times are microseconds UTC."""

    lost: bool = False
    missing_since: int | None = None  # no connections since then, and not yet called lost
    last_seen: int | None = None
    lost_at: int | None = None
    read_up_to: int = 0  # as last logged
    logged_at: int = 0  # when anything was


Contacts = Mapping[str, Contact]
State = Literal["lost", "regained", "read"]


def remember(last: Iterable[Presence]) -> dict[str, Contact]:
    """Return what the last message of each participant in the log says."""
    return {
        p.participant: Contact(
            lost=p.state == "lost",
            last_seen=p.last_seen if p.last_seen is not None else p.at,
            lost_at=p.at if p.state == "lost" else None,
            read_up_to=p.read_up_to,
            logged_at=p.at,
        )
        for p in last
    }


def observe(
    known: Contacts, connections: Mapping[str, int], read: Mapping[str, int], mission: Mission, now: int
) -> tuple[dict[str, Contact], list[Presence]]:
    """Return what is known after a look at the outside, and what to log of it, sorted by participant.

    ``connections`` are counts by participant (who is not in it has none); ``read`` is how far each has acknowledged its
    INBOX. Whoever could not look must not call this: no answer is not an absence.
    """
    contacts, logged = dict(known), []
    for participant in sorted(p.id for p in mission.participants if p.watched):
        before = known.get(participant)
        if connections.get(participant, 0) > 0:
            after, state = _present(before, read.get(participant), mission.presence, now)
        elif before is not None:
            after, state = _absent(before, mission.presence, now)
        else:
            continue
        contacts[participant] = after
        if state is not None:
            logged.append(_presence(participant, state, after, now))
    return contacts, logged


def _present(before: Contact | None, read: int | None, periods: Periods, now: int) -> tuple[Contact, State | None]:
    if before is None:
        return Contact(last_seen=now, read_up_to=read or 0, logged_at=now), "read"
    up_to = before.read_up_to if read is None else read
    if before.lost:
        return Contact(last_seen=now, read_up_to=up_to, logged_at=now), "regained"
    seen = before._replace(missing_since=None, last_seen=now)
    if up_to != before.read_up_to and now - before.logged_at >= int(periods.read_every_s * SECOND):
        return seen._replace(read_up_to=up_to, logged_at=now), "read"
    return seen, None


def _absent(before: Contact, periods: Periods, now: int) -> tuple[Contact, State | None]:
    if before.lost:
        return before, None
    since = now if before.missing_since is None else before.missing_since
    if now - since < int(periods.grace_s * SECOND):
        return before._replace(missing_since=since), None
    return before._replace(lost=True, missing_since=None, lost_at=since, logged_at=now), "lost"


def _presence(participant: str, state: State, contact: Contact, now: int) -> Presence:
    return Presence(
        participant=participant,
        state=state,
        at=contact.lost_at if contact.lost and contact.lost_at is not None else now,
        read_up_to=contact.read_up_to,
        last_seen=contact.last_seen,
    )
