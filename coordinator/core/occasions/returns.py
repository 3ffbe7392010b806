"""Reports that did not come in time: one card for each return, period and headquarters, whoever many are missing.

A report counts once whoever collects it may read it. The card ends when the last one has come, or when the next period
takes its place; how many periods in a row somebody has missed stays known.

Source: domain.md §1.4, §4.1 (R-24, R-45), §6.5 ("missing-return list").
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, Literal

import msgspec

from coordinator.core import audience
from coordinator.core.expected import Return
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.recall import Records
from coordinator.core.returns import ledger, periods
from coordinator.core.returns.ledger import Account, Came
from coordinator.core.step import Logged
from schemas import subjects
from schemas.alerts import CAP_SEVERITY, Line
from schemas.reports import LogisticsStatus, SituationReport

NAMED: Final = 6  # so many missing participants stand in the headline; more are counted there
KINDS: Final = (SituationReport.KIND, LogisticsStatus.KIND)


class State(msgspec.Struct, kw_only=True):
    """Everything remembered."""

    format: Literal["returns 1"] = "returns 1"
    accounts: dict[str, Account] = {}  # by name of the return
    open: dict[str, Occasion] = {}


class Returns:
    """The source of overdue returns (see `Source`)."""

    NAME: ClassVar[str] = "returns"
    READS: ClassVar[tuple[str, ...]] = tuple(subjects.records(kind) for kind in KINDS)
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        "overdue-reports": ("report", "due_at", "whom"),
        "overdue-many": ("report", "due_at", "count"),
        "overdue-last": ("who", "last_at", "count"),
        "overdue-never": ("who", "count"),
        "overdue-next": (),
    }

    def __init__(self) -> None:
        self.state = State()
        self.mission = Mission(name="")

    def adopt(self, mission: Mission) -> None:
        """Take another mission; a return that it says otherwise is counted anew with the next message."""
        self.mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Take one message of the log."""
        changed = list(self._follow(message.at))
        if message.envelope.kind in KINDS:
            changed += self._report(message)
        return changed

    def wake(self, now: int) -> Iterable[Occasion]:
        """Look at every period whose grace is over."""
        changed = dict[str, Occasion]()
        for account in self.state.accounts.values():
            while account.next + _grace(account.said) <= now:
                changed |= {o.id: o for o in self._close(account)}
        return changed.values()

    def next_wake(self) -> int | None:
        """Return when the next grace is over."""
        return min((a.next + _grace(a.said) for a in self.state.accounts.values()), default=None)

    def snapshot(self) -> bytes:
        """Return the whole state."""
        return msgspec.json.encode(self.state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot."""
        self.state = msgspec.json.decode(data, type=State)

    # -- what the mission expects -------------------------------------------------------------------------------------

    def _follow(self, now: int) -> Iterator[Occasion]:
        """Begin with returns that are new, and end those that are not expected any more."""
        wanted = {row.name: row for row in self.mission.returns}
        accounts = self.state.accounts
        for name in [n for n, a in accounts.items() if wanted.get(n) != a.said]:
            yield from self._end(accounts.pop(name).said)
        for name, row in wanted.items():
            if name not in accounts:
                first = periods.following(row, now)
                accounts[name] = Account(said=row, first=first, next=first)

    def _end(self, row: Return, but: int = 0) -> Iterator[Occasion]:
        """End the cards of a return, those of one due time excepted."""
        for identity, occasion in list(self.state.open.items()):
            if occasion.args["report"] == row.name and occasion.args["due_at"] != but:
                del self.state.open[identity]
                yield msgspec.structs.replace(occasion, over=True)

    # -- reports ------------------------------------------------------------------------------------------------------

    def _report(self, message: Logged) -> Iterator[Occasion]:
        envelope, body = message.envelope, message.body
        for account in self.state.accounts.values():
            if envelope.status == "cancel":
                due = ledger.withdraw(account, envelope.originator, envelope.id)
            elif ledger.fits(account.said, body) and (readers := self._readers(account.said, message)):
                due = self._note(account, message, readers)
            else:
                due = None
            if due is not None:
                yield from self._again(account, due)

    def _readers(self, row: Return, message: Logged) -> frozenset[str]:
        """Return who may read a report; nobody if it is not owed, or if whoever collects it may not read it."""
        who = message.envelope.originator
        if who not in ledger.owing(row, self.mission):
            return frozenset()
        readers = audience.decide(message.envelope, message.body, self.mission, Records()).readers
        return readers if ledger.collector(row, who, self.mission) in readers else frozenset()

    def _note(self, account: Account, message: Logged, readers: frozenset[str]) -> int:
        who, envelope = message.envelope.originator, message.envelope
        due = ledger.due_for(account, who, ledger.span(message.body), message.at)
        late = message.at > due + _grace(account.said)
        first = ledger.find(account, who, due) is None
        came = Came(
            due=due, at=message.at, id=envelope.id, revision=envelope.revision, late=late, readers=readers
        )  # fmt: skip
        ledger.note(account, who, came)
        if first and due < account.next:
            account.missing[who] = max(0, account.missing.get(who, 0) - 1)
        if due == periods.before(account.said, account.next):
            account.missed[who] = 0
        return due

    # -- cards --------------------------------------------------------------------------------------------------------

    def _close(self, account: Account) -> Iterator[Occasion]:
        """Count who is missing for the period whose grace is over; its cards take the place of the one before."""
        due = account.next
        account.next = periods.following(account.said, due)
        absent = {who for _, who in ledger.absent(account, due, self.mission)}
        for who in ledger.owing(account.said, self.mission):
            account.missed[who] = account.missed.get(who, 0) + 1 if who in absent else 0
            account.missing[who] = account.missing.get(who, 0) + (who in absent)
        yield from self._end(account.said, but=due)
        yield from self._again(account, due)

    def _again(self, account: Account, due: int) -> Iterator[Occasion]:
        """Say the cards of the period that was looked at last, as they are now."""
        if due != periods.before(account.said, account.next):
            return
        absent: dict[str, list[str]] = {}
        for to, who in ledger.absent(account, due, self.mission):
            absent.setdefault(to, []).append(who)
        for to, missing in sorted(absent.items()):
            occasion = _overdue(account, due, to, missing, frozenset(self.mission.by_id))
            self.state.open[occasion.id] = occasion
            yield occasion
        for identity, occasion in list(self.state.open.items()):
            if occasion.args["report"] == account.said.name and occasion.told[0] not in absent:
                del self.state.open[identity]
                yield msgspec.structs.replace(occasion, over=True)


def _grace(row: Return) -> int:
    return int(row.grace_s * periods.SECOND)


def _overdue(account: Account, due: int, to: str, missing: list[str], everybody: frozenset[str]) -> Occasion:
    args: dict[str, str | int] = {"report": account.said.name, "due_at": due, "count": len(missing)}
    many = len(missing) > NAMED
    return Occasion(
        id=subjects.opaque(f"overdue {account.said.name} {due} {to}"),
        kind="overdue",
        severity=CAP_SEVERITY.get(account.said.severity, "Minor"),
        urgency="Expected",
        text_key="overdue-many" if many else "overdue-reports",
        next_key="overdue-next",
        args=args if many else args | {"whom": " ".join(missing)},
        about=missing[0] if len(missing) == 1 else "",
        parties=tuple(missing),
        told=(to,),
        event_from=due,
        lines=tuple(line for who in missing for line in _lines(account, who, everybody)),
    )


def _lines(account: Account, who: str, everybody: frozenset[str]) -> Iterator[Line]:
    """Yield when somebody reported last: to everybody, of the reports that he may read."""
    count, left = account.missed.get(who, 0), everybody
    for came in ledger.newest_first(account, who):
        args: dict[str, str | int] = {"who": who, "count": count, "last_at": came.at}
        if here := left & came.readers:
            yield Line(text_key="overdue-last", args=args, only=None if here == everybody else tuple(sorted(here)))
        left -= came.readers
    if left:
        only = None if left == everybody else tuple(sorted(left))
        yield Line(text_key="overdue-never", args={"who": who, "count": count}, only=only)
