"""Answers blind questions: counted in the log, told to whoever they met, coarse, never saying whose plan it is.

``ask.<p>.deconfliction.check``; the question is described in `core.deconfliction.asking`. The answer is NDJSON:

* ``{"finding": {...}, "alternative": name}``: a clash that would be new, as `<p>` may know it, with its ways out;
* ``{"alternative": name, "found": n}`` behind each alternative, also one for which there is none;
* ``{"scope": {"as_of": T, "orders": N, "log_seq": S, "asked": k, "of": n}}`` last and once: the time of the newest
  message compared with (microseconds UTC; `since` of the next question), how many orders, up to which sequence of the
  LOG, and how many questions of this hour's allowance are used. ``beyond`` is how many orders more there are than
  `rules.capacity_orders`: with those nothing was compared.

What comes of a question is written before it is answered, so that nobody learns anything uncounted.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from coordinator import log
from coordinator.core.deconfliction import Engine, asking
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.recall import Records
from coordinator.core.routing import admits
from coordinator.core.step import Effect
from coordinator.core.tearline import Tearline
from coordinator.errors import BusError, Forbidden
from coordinator.services.base import Question, Runner, outgoing, publish_all
from coordinator.texts import say
from coordinator.topology import LOG
from schemas import registry, subjects
from schemas.findings import Finding
from schemas.operations import Inquiry

WRITER: Final = "inquiries"
"""Who writes them: not the fold, which reads and counts them like anybody's."""


class Answered(NamedTuple):
    """An alternative and what it would clash with."""

    name: str
    found: tuple[Finding, ...]


async def check(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer what messages would clash with, if they were sent."""
    engine: Engine = runner.core
    inquiry = _read(question, engine)
    now = runner.clock.now()
    if len(engine.inquiries.recent(question.participant, now)) >= engine.mission.rules.checks_per_hour:
        await _throttle(runner, question, inquiry, now)
    answered = [
        Answered(a.name, tuple(_new(engine, a, inquiry.since, question.participant))) for a in inquiry.alternatives
    ]
    await _write(runner, list(_inquiries(question.participant, inquiry, answered, now)), now)
    for row in _rows(engine, question.participant, answered):
        yield registry.encode(row)
    status = await runner.status()
    asked = len(engine.inquiries.recent(question.participant, now))
    scope = {"as_of": engine.now, "orders": engine.known, "log_seq": status.position[LOG], "asked": asked,
             "of": engine.mission.rules.checks_per_hour}  # fmt: skip
    if engine.beyond:
        scope["beyond"] = engine.beyond
    yield registry.encode({"scope": scope})


async def digest(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer with the blocks by which two headquarters compare what they have seen, and a last row with the scope.

    Only whoever may read the whole log may ask: how many messages there are is nobody else's business.
    """
    engine: Engine = runner.core
    if question.participant not in _operators(engine):
        raise Forbidden("ask deconfliction for", question.verb)
    for block in engine.digest():
        yield registry.encode({"block": block})
    status = await runner.status()
    yield registry.encode({"scope": {"as_of": engine.now, "orders": engine.known, "log_seq": status.position[LOG]}})


def _read(question: Question, engine: Engine) -> asking.Inquiry:
    try:
        inquiry = asking.read(question.body, question.participant)
    except ValueError as error:
        raise BusError(str(error)) from None
    units = asking.foreign(inquiry, question.participant, Setting(engine.mission))
    if units:
        raise BusError(f"only plans of your own units can be checked; you do not direct: {', '.join(units)}")
    return inquiry


def _new(engine: Engine, alternative: asking.Alternative, since: int, asker: str) -> Iterator[Finding]:
    """Yield what would be there and is not there now, with ways out; nothing of what the asker may not know of."""
    rules = engine.mission.rules
    found = engine.check(alternative.messages, since=since, ways_out=rules.options_per_message, step_s=rules.coarse_s)
    for finding in found:
        if admits(finding.only, asker) and not engine.stands(finding.id):
            yield finding


def _rows(engine: Engine, asker: str, answered: Sequence[Answered]) -> Iterator[dict[str, object]]:
    # It recalls nothing, so it shows only the asker's own; what is coarse is told in brief.
    tearline = Tearline(say, engine.mission, Records(), brief=True)
    for name, found in answered:
        for finding in found:
            blind = asking.coarse(finding, engine.mission.rules)
            yield {"finding": tearline.finding(blind, tearline.sight(blind, asker)), "alternative": name}
        yield {"alternative": name, "found": len(found)}


# -- what is written --------------------------------------------------------------------------------------------------


def _inquiries(
    asker: str, inquiry: asking.Inquiry, answered: Sequence[Answered], now: int
) -> Iterator[tuple[str, Inquiry]]:
    met = asking.owners([f for a in answered for f in a.found], asker)
    asked = Inquiry(asker=asker, role="asked", at=now, messages=len(inquiry.messages), owners=tuple(met),
                    question_sha256=inquiry.digest)  # fmt: skip
    yield asker, asked
    for owner, ids in met.items():
        yield owner, replace(asked, role="met", parties=ids, messages=0, owners=())


async def _throttle(runner: Runner, question: Question, inquiry: asking.Inquiry, now: int) -> None:
    """Refuse one question too many, and report it once an hour: to who asked, its superiors and whose plans it met."""
    engine: Engine = runner.core
    asker, mission = question.participant, engine.mission
    asked = engine.inquiries.recent(asker, now)
    told = {asker, *mission.superiors(asker), *engine.inquiries.owners(asker, now), *_operators(engine)}
    body = Inquiry(asker=asker, role="throttled", at=now, asked=len(asked), question_sha256=inquiry.digest)
    if not engine.inquiries.reported(asker, now):
        await _write(runner, [(p, body) for p in sorted(told) if p in mission.by_id], now)
    wait = -(-(asked[0].at + asking.HOUR - now) // 60_000_000)
    raise BusError(
        f"{len(asked)} questions in an hour are as many as are answered; ask again in {wait} min, or call the other"
        " side: this was reported"
    )


def _operators(engine: Engine) -> list[str]:
    return [p.id for p in engine.mission.participants if p.operator]


async def _write(runner: Runner, bodies: Sequence[tuple[str, Inquiry]], now: int) -> None:
    causes = [f"{body.role}:{body.question_sha256}:{now}" for _, body in bodies]
    effects = [Effect(subjects.inquiry(p), b, p, c, 0) for (p, b), c in zip(bodies, causes, strict=True)]
    for _, body in bodies:
        runner.core.inquiries.note(body)  # before anything is awaited: questions that come together all count
    await publish_all(runner.bus, [outgoing(effect, WRITER, now) for effect in effects], log.get(runner.service.name))
