"""How long agreements, dangers and evacuations lasted, what was covered, and what was found again."""

from collections.abc import Iterator
from typing import Final

from coordinator.core.afteraction.facts import HOUR, Facts
from coordinator.core.afteraction.figures import Sample
from coordinator.core.cards import OVER
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.liaison.sessions import Session, sessions
from coordinator.core.orders import evacuations
from schemas.liaison import LiaisonResponse
from schemas.notices import HazardNotice
from schemas.reports import IncidentReport, MedevacRequest

DANGEROUS: Final = frozenset({"present", "hot", "check-fire"})
SAFE: Final = frozenset({"lifted", "cold"})
NOT_COVERED: Final = "coverage-not-assured"
FULL: Final = 100


def talks(facts: Facts) -> Iterator[Sample]:
    """Yield how long each session took from its opening to the text that all agreed to, or to the word of agreement."""
    said: dict[str, list[tuple[int, Item]]] = {}
    for seq, item in facts.items:
        for request in _refers(item):
            said.setdefault(request, []).append((seq, item))
    opened = {item.key: seq for seq, item in reversed(facts.items)}
    for session in sessions((i for _, i in facts.items), facts.last_at):
        heard = said.get(session.id, [])
        at = _closed(session, heard) if session.agreed_at is None else session.agreed_at
        took = None if at is None else at - session.opened_at
        last = [seq for seq, item in heard if at is not None and item.issued == at][-1:]
        if took is not None or session.state == "open":
            seqs, by = (opened[session.originator, session.id], *last), frozenset(session.members)
            yield Sample("agree", session.id, by, session.opened_at, took, seqs, only=session.members)


def _closed(session: Session, heard: list[tuple[int, Item]]) -> int | None:
    """Return when whoever opened a session without written proposals said that there is agreement."""
    own = (i for _, i in heard if i.key[0] == session.originator and not session.versions)
    said = (i.issued for i in own if isinstance(i.body, LiaisonResponse) and i.body.decision == "accept")
    return min(said, default=None)


def _refers(item: Item) -> set[str]:
    envelope, body = item.envelope, item.body
    found = {r.id for r in envelope.references} | ({envelope.in_reply_to.id} if envelope.in_reply_to else set())
    request = getattr(body, "request", None)
    return found | ({request.id} if request else set())


def dangers(facts: Facts) -> Iterator[Sample]:
    """Yield how long each reported danger lasted, from the message that said so to the one that lifted it."""
    for (originator, identity), states in facts.dangers.items():
        since, only = None, facts.limit((originator, identity))
        by = facts.records.shown(originator, identity) | {originator}
        for state in states:
            word = _word(state.body)
            if word in DANGEROUS:
                since = since or state
            elif word in SAFE and since:
                took, seqs = state.at - since.at, (since.seq, state.seq)
                yield Sample("danger", identity, by, since.at, took, seqs, only=only)
                since = None
        if since:
            yield Sample("danger", identity, by, since.at, None, (since.seq,), only=only)


def _word(body: IncidentReport | HazardNotice) -> str:
    return body.danger if isinstance(body, IncidentReport) else body.state


def evacuated(facts: Facts) -> Iterator[Sample]:
    """Yield for each CASEVAC how long it took from the injury to treatment, and how each mark of its clock went."""
    asked = {i.key: seq for seq, i in reversed(facts.items) if _asks(i)}
    for key, seq in sorted(asked.items(), key=lambda one: one[1]):
        named = [(s, i) for s, i in facts.items if i.key == key or key[1] in _refers(i)]
        case = evacuations.case(key, [i for _, i in named], facts.mission, facts.last_at)
        if case is None or case.mission_kind != "casevac":
            continue
        by, only = facts.records.shown(*key) | {key[0]}, facts.limit(key, *(i.key for _, i in named))
        took = None if case.done_at is None else case.done_at - case.start_at
        done = tuple(s for s, i in named if i.issued == case.done_at)[:1]
        late = any(m.state == "missed" for m in case.marks)
        yield Sample("casevac", key[1], by, case.start_at, took, (seq, *done), late=late, only=only)
        for mark in case.marks:
            if mark.state in ("met", "missed"):
                value = FULL if mark.state == "met" else 0
                yield Sample(
                    f"casevac-{mark.care}", key[1], by, case.start_at, value, (seq,), late=value == 0, only=only
                )


def _asks(item: Item) -> bool:
    return isinstance(item.body, MedevacRequest) and (item.body.state == "asked" or not _refers(item))


# -- coverage ---------------------------------------------------------------------------------------------------------


def reporting(facts: Facts, since: int, until: int) -> Iterator[Sample]:
    """Yield in how many percent of the hours each participant wrote something."""
    hours = range(since // HOUR, until // HOUR + 1)
    for participant in facts.mission.participants:
        wrote = sum(hour in hours for hour in facts.hours.get(participant.id, ()))
        share = FULL * wrote // len(hours)
        yield Sample("reported", participant.id, frozenset({participant.id}), since, share)


def linked(facts: Facts, since: int, until: int) -> Iterator[Sample]:
    """Yield in how many percent of the time each watched participant had a link."""
    for who in sorted(facts.links.known):
        down = facts.links.down((who,), since, until)
        share = FULL - FULL * down // max(1, until - since)
        yield Sample("linked", who, frozenset({who}), since, share)


def uncovered(facts: Facts) -> Iterator[Sample]:
    """Yield how long it was not assured that places were covered on which somebody relies."""
    for states in facts.findings.values():
        first, last = states[0], states[-1]
        if first.body.evidence.rule == NOT_COVERED:
            by = frozenset(p for s in states for p in s.body.told)
            closed = last.body.state == "closed"
            took, seqs = (last.at - first.at, (first.seq, last.seq)) if closed else (None, (first.seq,))
            yield Sample(
                "not-covered", first.body.evidence.place, by, first.at, took, seqs, only=facts.only(first.body)
            )


def failed(facts: Facts) -> Iterator[Sample]:
    """Yield what a channel could not deliver: one each, whether or not another channel did."""
    for seq, who, step in facts.failed:
        states = facts.cards.get(step.id) if step.kind == "alert" else None
        only = facts.only_card(states[-1].body) if states else facts.limit_of(step.id)
        yield Sample("failed", step.id, frozenset({who}), step.at, 1, (seq,), only=only)


def counted(facts: Facts) -> Iterator[Sample]:
    """Yield late returns, findings that were waived and cards that a person closed: one each."""
    for identity, states in facts.cards.items():
        first, last = states[0], states[-1]
        told = frozenset(t.participant for s in states for t in s.body.told)
        if first.body.alert_kind == "overdue":
            yield Sample(
                "late-return", identity, frozenset({first.body.about}), first.at, 1, (first.seq,), only=last.body.only
            )
        if last.body.closing and last.body.work in OVER:
            only, seqs = facts.only_card(last.body), (first.seq, last.seq)
            yield Sample("closed-by-hand", identity, told, first.at, 1, seqs, only=only)
    for identity, found in facts.findings.items():
        waived = next((s for s in found if s.body.state == "waived"), None)
        if waived:
            by = frozenset(waived.body.told)
            yield Sample("waived", identity, by, found[0].at, 1, (waived.seq,), only=facts.only(waived.body))
