"""Release: what each participant may see, field by field, into its INBOX and onto its BOARD; see `core.release`.

It writes outside the log; after a restart it goes on behind the last ``Cause-Seq`` that it finds in each stream.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Final

import msgspec

from coordinator.core.release import Release
from coordinator.errors import NotFound
from coordinator.services.base import Question, Runner, Service, Setting
from coordinator.services.beating import beat
from coordinator.texts import say
from coordinator.topology import BOARD, INBOX, LOG, of
from schemas import registry, subjects

NAME: Final = "release"


class Which(msgspec.Struct, frozen=True, kw_only=True):
    """The input whose answer somebody asks for."""

    input: str


async def _answer(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    wanted = msgspec.json.decode(question.body, type=Which).input
    found = runner.core.answer_of(question.participant, wanted)
    if found is None:
        raise NotFound(f'no answer is known for "{wanted}"; it was sent long ago, or never arrived')
    yield registry.encode(found)


def _ledgers(setting: Setting) -> Mapping[str, tuple[str, str]]:
    streams = (of(p.id, stream) for p in setting.mission.participants for stream in (INBOX, BOARD))
    return {stream: (stream, *subjects.EVERYTHING) for stream in streams}


SERVICE: Final = Service(
    name=NAME,
    about="renders for each participant what it may see, and delivers it by precedence",
    reads={
        LOG: (
            subjects.ALL_RECORDS,
            subjects.ALL_REFUSALS,
            subjects.ALL_FINDINGS,
            subjects.ALL_ALERTS,
            subjects.ALL_PRESENCE,
            subjects.ALL_INQUIRIES,
            subjects.CONFIG,
        )
    },
    writes=(subjects.ALL_INBOXES, subjects.ALL_BOARDS),
    build=lambda _: Release(say),
    answers={"answer": _answer},
    ledgers=_ledgers,
    beside=beat,
)
