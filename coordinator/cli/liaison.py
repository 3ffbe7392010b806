"""``coordinator liaison``: ask others for help or means, answer them, and see who has it, since when, until when."""

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.cli.sessions import agree, draft, object_, open_, propose
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.core.liaison.life import Life
    from coordinator.core.liaison.views import View
    from schemas.envelope import Envelope

__all__ = ["agree", "answer", "draft", "list_", "object_", "open_", "propose", "request", "show", "withdraw"]

Kind = Literal[
    "information", "resource", "escort", "passage", "access", "medical", "engineering", "deconfliction", "assistance"
]
Decision = Literal["accept", "decline", "provisional", "clarify"]
Precedence = Literal["flash", "immediate", "priority", "routine"]
Id = Annotated[str, Parameter(name="ID", help="A request's or a session's id, or the beginning of it.")]
To = Annotated[tuple[str, ...], Parameter(metavar="P", help="Whom you ask; once for each.", negative_iterable=())]
Info = Annotated[tuple[str, ...], Parameter(metavar="P", help="Who may know of it.", negative_iterable=())]
Named = Annotated[
    str, Parameter(name="--id", metavar="ID", show_default=False, help="Its id, if your staff numbers them itself.")
]


def request(
    subject: Annotated[str, Parameter(name="SUBJECT", help="What you ask for, in one sentence.")],
    /,
    *,
    as_: common.As,
    to: To,
    info: Info = (),
    kind: Annotated[Kind, Parameter(help="What kind of help it is.")] = "assistance",
    item: Annotated[
        tuple[str, ...],
        Parameter(metavar="ITEM", help='"5 ambulances", "500 l: diesel", "interpreter".', negative_iterable=()),
    ] = (),
    need_by: Annotated[common.When, Parameter(help="When it is needed at the latest.")] = "",
    reply_by: Annotated[common.When, Parameter(help="Until when somebody must have taken it.")] = "",
    purpose: Annotated[str, Parameter(metavar="TEXT", show_default=False, help="What it is for.")] = "",
    precedence: Annotated[Precedence, Parameter(help="How urgent it is.")] = "priority",
    identity: Named = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Send a request."""
    from coordinator.cli import asking
    from schemas.liaison import LiaisonRequest

    now = common.now()
    body = LiaisonRequest(
        request_kind=kind, subject=subject, purpose=purpose, items=asking.items(item),
        need_by=asking.instant(need_by, now), reply_by=asking.instant(reply_by, now),
    )  # fmt: skip
    asked = asking.addressees(to, info)
    sent = asking.pack(body, as_, now, identity, addressees=asked, precedence=precedence)
    return common.connected(bus.target(as_), lambda client: publish(client, sent, json=json))


def answer(
    identity: Id,
    decision: Annotated[Decision, Parameter(name="DECISION", help="accept, decline, provisional or clarify.")],
    /,
    *,
    as_: common.As,
    item: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="REF", help="Item 1: all of it; 1=3: three of it. All items if left out.", negative_iterable=()
        ),
    ] = (),
    reason: Annotated[str, Parameter(metavar="TEXT", show_default=False, help="Why you decline; a question.")] = "",
    conditions: Annotated[str, Parameter(metavar="TEXT", show_default=False, help="Under which conditions.")] = "",
    start: Annotated[common.When, Parameter(name="--from", help="When you will be there.")] = "",
    end: Annotated[common.When, Parameter(name="--until", help="Until when.")] = "",
    to: Annotated[
        str, Parameter(metavar="ID", show_default=False, help="By the asker: which question or condition you answer.")
    ] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Answer a request, or items of it; the asker answers questions and conditions with it as well."""
    needs = {"decline": ("reason", reason), "clarify": ("reason", reason), "provisional": ("conditions", conditions)}
    option, text = needs.get(decision, ("", "-"))
    if not text:
        raise UsageError(f"{decision} needs --{option}: whoever asks has to know it")
    said = Said(decision, item, reason, conditions, (start, end), to)
    return common.connected(bus.target(as_), lambda client: _answer(client, identity, said, json=json))


def list_(
    *,
    as_: common.As,
    every: Annotated[bool, Parameter(name="--all", help="Also what is over.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print requests and sessions, the oldest first."""
    return common.connected(bus.target(as_), lambda client: _list(client, every=every, json=json))


def show(identity: Id, /, *, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print one request or session in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


def withdraw(identity: Id, /, *, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Withdraw an own request, or close an own session."""
    return common.connected(bus.target(as_), lambda client: _withdraw(client, identity, json=json))


class Said(NamedTuple):
    """An answer as it was typed; ``when`` is from when until when, ``to`` a question or condition that it answers."""

    decision: Decision
    items: tuple[str, ...]
    reason: str
    conditions: str
    when: tuple[str, str]
    to: str


async def views(client: "Client") -> "list[View]":
    """Return the requests and sessions that a participant may know of, the oldest first.

    Raises:
        NoAnswer: alerting, which keeps them, does not run.
    """
    import msgspec

    from coordinator.core.liaison.views import View

    found = [msgspec.convert(row, View) async for row in client.rows("alerting", "liaison")]
    return sorted(found, key=lambda view: (view.since, view.id))


async def one(client: "Client", identity: str) -> "View":
    """Return the request or session that is meant.

    Raises:
        NotFound: there is none.
        UsageError: several are meant.
    """
    found = await views(client)
    where = f"coordinator liaison list --all --as {client.participant}"
    chosen = common.pick(identity, [view.id for view in found], "request or session", where)
    meant = [view for view in found if view.id == chosen]
    if len(meant) > 1:
        raise UsageError(f'several have the id "{chosen}", of different askers; ask them to give theirs another')
    return meant[0]


async def publish(client: "Client", envelope: "Envelope", *, json: bool) -> int:
    """Send one message and print what became of it."""
    from coordinator.cli.send import report

    return report(await client.publish(envelope), json=json)


async def _list(client: "Client", *, every: bool, json: bool) -> int:
    from coordinator.cli import asked
    from coordinator.cli.text import count

    now, found = common.now(), await views(client)
    shown = [view for view in found if every or not asked.is_over(view)]
    for view in shown:
        out.row(view) if json else out.line(asked.line(view, now))
    if not json:
        hidden = f", {len(found) - len(shown)} over (--all)" if len(found) > len(shown) else ""
        out.note(f"{count(len(shown), 'request or session', 'requests and sessions')}{hidden}")
    return exits.FINE


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import asked

    view = await one(client, identity)
    out.row(view) if json else out.line(asked.block(view, common.now()))
    return exits.FINE


async def _answer(client: "Client", identity: str, said: Said, *, json: bool) -> int:
    from coordinator.cli import asking
    from schemas.envelope import Reference
    from schemas.liaison import LiaisonResponse

    life, now = await _request(client, identity), common.now()
    if life.originator == client.participant and not said.to:
        raise UsageError(f"{life.id} is your own; --to ID says which question or condition of others you answer")
    whole, part = asking.shares(said.items, life)
    body = LiaisonResponse(
        request=Reference(id=life.id, originator=life.originator, revision=life.revision), decision=said.decision,
        items=whole, offered=part, schedule=asking.window(*said.when, now), reason=said.reason,
        conditions=said.conditions,
    )  # fmt: skip
    return await publish(client, asking.reply(life, body, client.participant, now, said.to), json=json)


async def _request(client: "Client", identity: str) -> "Life":
    view = await one(client, identity)
    if view.life is None:
        raise UsageError(f"{view.id} is a session; use `coordinator liaison propose`, `agree` or `object` in it")
    return view.life


async def _withdraw(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import asking
    from coordinator.errors import Forbidden
    from schemas.liaison import LiaisonRequest

    view = await one(client, identity)
    own = [e for e in await client.board(LiaisonRequest.KIND) if (e.id, e.originator) == (view.id, client.participant)]
    if not own:
        raise Forbidden("withdraw what others asked:", view.id)
    newest = max(own, key=lambda e: e.revision)
    envelope = asking.again(newest, client.participant, common.now(), state="withdrawn")
    return await publish(client, envelope, json=json)
