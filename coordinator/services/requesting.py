"""Answers how far requests and sessions are: what is open, who has it since when, and what all have agreed to.

``ask.<p>.alerting.liaison`` with ``{"ids": [...]}``, at most 100, or with nothing for all that are kept. The answer is
one `core.liaison.views.View` a line, by id, as ``<p>`` may know it; what is not for ``<p>`` has no line.
Nothing is written.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Final

import anyio
import msgspec
from msgspec import Meta

from coordinator.core.alerting import Alerting
from coordinator.core.liaison.views import views
from coordinator.core.occasions.requests import Requests
from coordinator.errors import BusError
from coordinator.services.base import Question, Runner
from schemas import registry

MAX_IDS: Final = 100


class Which(msgspec.Struct, frozen=True, kw_only=True):
    """The requests and sessions that somebody asks about, by id."""

    ids: Annotated[tuple[str, ...], Meta(max_length=MAX_IDS)] = ()


async def liaison(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer how far requests and sessions are."""
    try:
        wanted = msgspec.json.decode(question.body or b"{}", type=Which)
    except msgspec.MsgspecError as error:
        raise BusError(f"this is no list of at most {MAX_IDS} ids: {error}") from None
    core: Alerting = runner.core
    source = core.source(Requests.NAME)
    if not isinstance(source, Requests):
        return
    for identity in dict.fromkeys(wanted.ids) or source.ids():
        for view in views(source, question.participant, identity, runner.clock.now()):
            yield registry.encode(view)
        await anyio.lowlevel.checkpoint()  # a long list holds up nobody
