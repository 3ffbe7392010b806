"""What one channel says of itself: each step of a delivery to the log, and how it does to whoever asks.

What the bearer's word is worth depends on its kind: a mail relay or a spool has taken something, and cannot say whether
anybody got it; a peer that confirmed has it.
"""

from typing import Final

import msgspec

from coordinator.core.deliveries import FOLLOWED
from coordinator.core.dispatch import Waiting
from coordinator.core.mission import Bearer
from coordinator.gates.journal import Entry, Journal
from coordinator.gates.profiles import Profile
from coordinator.ports import Clock
from schemas.deliveries import Handover, Progress

MEANS: Final[dict[Bearer, Progress]] = {
    "files": "sent",
    "http": "delivered",
    "smtp": "sent",
    "tak": "delivered",
    "short": "sent",
    "webhook": "delivered",
}
"""What is true of something that a bearer has taken."""
TRIES: Final = 3  # in vain, before it is said that something waits for its channel


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one channel does. Times are microseconds UTC; 0 is never, since the coordinator was started."""

    participant: str
    channel: str
    kind: str
    format: str
    language: str
    precedence: str
    waiting: int
    carries: tuple[str, ...] = ()
    out: int = 0  # things that went out
    out_at: int = 0
    failed: int = 0  # things that it will never take
    failed_at: int = 0
    failure: str = ""  # why the last one did not go
    down_since: int = 0  # nothing went out since then, and something was tried in vain


class Account:
    """Keeps count of one channel."""

    def __init__(self, profile: Profile, journal: Journal, clock: Clock) -> None:
        self._profile, self._journal, self._clock = profile, journal, clock
        self._out = self._out_at = self._failed = self._failed_at = self._down_since = 0
        self._failure = ""

    @property
    def means(self) -> Progress:
        """What is true of something that went out by this channel."""
        return MEANS[self._profile.channel.kind]

    def went(self, waiting: Waiting) -> None:
        """Note that something went out."""
        self._out += 1
        self._out_at, self._down_since = self._clock.now(), 0
        if waiting.seq > 0 and waiting.envelope.kind in FOLLOWED:
            self._say(waiting, self.means)

    def delayed(self, waiting: Waiting, why: str, failures: int) -> None:
        """Note that something did not go and is tried again."""
        self._failure = why
        self._failed_at = self._clock.now()
        self._down_since = self._down_since or self._failed_at
        if failures == TRIES and waiting.seq > 0 and waiting.envelope.kind in FOLLOWED:
            self._say(waiting, "queued", why)

    def never(self, waiting: Waiting, why: str) -> None:
        """Note that something will never go out by this channel."""
        self._failure, self._failed_at = why, self._clock.now()
        self._failed += 1
        if waiting.seq > 0:
            self._say(waiting, "failed", why)

    def note(self, step: Handover, tested_by: str = "") -> None:
        """Let a step be written to the log that is of no delivery of the INBOX."""
        self._journal.note(Entry(self._profile.participant, self._profile.channel, step, tested_by))

    def _say(self, waiting: Waiting, state: Progress, why: str = "") -> None:
        about = waiting.envelope
        self.note(
            Handover(
                kind=about.kind, id=about.id, revision=about.revision, seq=waiting.seq, state=state,
                at=self._clock.now(), precedence=waiting.precedence, why=why[:300],
            )
        )  # fmt: skip

    def row(self, waiting: int) -> Row:
        """Return how the channel does."""
        channel = self._profile.channel
        return Row(
            participant=self._profile.participant, channel=channel.name, kind=channel.kind,
            format=self._profile.format, language=self._profile.language, precedence=channel.precedence,
            carries=channel.carries, waiting=waiting, out=self._out, out_at=self._out_at, failed=self._failed,
            failed_at=self._failed_at, failure=self._failure, down_since=self._down_since,
        )  # fmt: skip
