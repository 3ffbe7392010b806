"""``coordinator liaison open|propose|agree|object|draft``: talk until there is a text that all agree to.

What all agreed to orders nothing. ``draft`` writes it as the draft of an order, for an officer to complete and send.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.core.liaison.sessions import Session
    from schemas.liaison import LiaisonResponse

SessionId = Annotated[str, Parameter(name="SESSION", help="A session's id, or the beginning of it.")]
Proposal = Annotated[str, Parameter(name="PROPOSAL", help="Its name: P2.")]
Text = Annotated[
    tuple[str, ...],
    Parameter(metavar="LANG=TEXT", help='The text in one language, once for each: fr="..."', negative_iterable=()),
]
Number = Annotated[int, Parameter(name="--rev", metavar="N", help="Which version of it; the newest if left out.")]
AGREE: Final = "agree"


def open_(
    subject: Annotated[str, Parameter(name="SUBJECT", help="What it is about, in one sentence.")],
    /,
    *,
    as_: common.As,
    to: Annotated[tuple[str, ...], Parameter(metavar="P", help="Its members besides you.", negative_iterable=())],
    info: Annotated[
        tuple[str, ...], Parameter(metavar="P", help="Members who need not agree.", negative_iterable=())
    ] = (),
    finding: Annotated[
        tuple[str, ...], Parameter(metavar="ID", help="Findings that it is to settle.", negative_iterable=())
    ] = (),
    text: Annotated[Text, Parameter(help='The subject in other languages: fr="..."')] = (),
    reply_by: Annotated[common.When, Parameter(help="Until when all should have agreed.")] = "",
    identity: Annotated[str, Parameter(name="--id", metavar="ID", show_default=False, help="Its id.")] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Open a session; nobody but its members will know of it."""
    from coordinator.cli import asking, liaison
    from schemas.liaison import MEETING, LiaisonRequest

    now = common.now()
    body = LiaisonRequest(
        request_kind=MEETING, subject=subject, findings=finding, reply_by=asking.instant(reply_by, now)
    )
    envelope = asking.pack(
        body, as_, now, identity, addressees=asking.addressees(to, info), texts=asking.texts(text) if text else ()
    )
    return common.connected(bus.target(as_), lambda client: liaison.publish(client, envelope, json=json))


def propose(
    session: SessionId,
    /,
    *,
    as_: common.As,
    text: Text,
    name: Annotated[
        str, Parameter(metavar="P2", show_default=False, help="The proposal of which this is the next version.")
    ] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Propose a text in one language or several, or the next version of one; whoever proposes it agrees to it."""
    from coordinator.cli import asking

    given = asking.texts(text)

    async def work(client: "Client") -> int:
        known = await _session(client, session)
        body = asking.proposal(known, name or asking.next_name(known), given)
        if not json:
            out.note(f"{body.proposal} v{body.version}, in {', '.join(t.lang for t in given)}")
        return await _say(client, known, body, json=json)

    return common.connected(bus.target(as_), work)


def agree(
    session: SessionId,
    proposal: Proposal,
    /,
    *,
    as_: common.As,
    number: Number = 0,
    reason: Annotated[str, Parameter(metavar="TEXT", show_default=False, help="A remark for all members.")] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Agree to one version of a proposal, as it is shown to you."""
    return common.connected(
        bus.target(as_), lambda client: _vote(client, session, (proposal, number), AGREE, reason, json=json)
    )


def object_(
    session: SessionId,
    proposal: Proposal,
    /,
    *,
    as_: common.As,
    reason: Annotated[str, Parameter(metavar="TEXT", help="Why: the next version can only take it in if it is said.")],
    number: Number = 0,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Object to one version of a proposal."""
    return common.connected(
        bus.target(as_), lambda client: _vote(client, session, (proposal, number), "object", reason, json=json)
    )


def draft(
    session: SessionId,
    /,
    *,
    as_: common.As,
    file: Annotated[
        Path | None, Parameter(name="--out", metavar="FILE", help="Where to write it; else standard output.")
    ] = None,
    language: Annotated[str, Parameter(metavar="L", help="In which language the task is.")] = "en",
    bus: common.Bus = common.HERE,
) -> int:
    """Write what all agreed to as the draft of an order. Nothing is sent."""
    return common.connected(bus.target(as_), lambda client: _draft(client, session, file, language))


async def _session(client: "Client", identity: str) -> "Session":
    from coordinator.cli import liaison

    view = await liaison.one(client, identity)
    if view.session is None:
        raise UsageError(f"{view.id} is a request; use `coordinator liaison answer` for it")
    return view.session


async def _say(client: "Client", session: "Session", body: "LiaisonResponse", *, json: bool) -> int:
    from coordinator.cli import asking, liaison

    if session.state == "withdrawn":
        raise UsageError(f"{session.id} is closed by {session.originator}; nothing more can be said in it")
    return await liaison.publish(client, asking.reply(session, body, client.participant, common.now()), json=json)


async def _vote(
    client: "Client", identity: str, which: tuple[str, int], decision: str, reason: str, *, json: bool
) -> int:
    from coordinator.cli import asking

    session = await _session(client, identity)
    of = asking.version(session, *which)
    if of.doubled and decision == AGREE:
        raise UsageError(f"two texts go by {of.name}; propose a new version, so that all agree to the same one")
    if not json:
        out.note(f"{of.name}: " + " / ".join(f"[{t.lang}] {t.text}" for t in of.texts))
    return await _say(client, session, asking.word(session, of, decision, reason), json=json)


async def _draft(client: "Client", identity: str, file: Path | None, language: str) -> int:
    from coordinator.core.liaison import drafts
    from schemas import registry

    session = await _session(client, identity)
    agreed = session.text
    if agreed is None:
        waiting = "; ".join(f"{v.name} waits for {', '.join(v.missing) or 'nobody'}" for v in session.versions)
        out.note(f"{session.id}: no text that all agreed to yet; {waiting or 'nobody has proposed one'}")
        return exits.FAILED
    data = registry.encode(drafts.draft(session, agreed, client.participant, language)) + b"\n"
    _write(file, data)
    where = f" in {file}" if file else ""
    out.note(f"{agreed.name} as a draft{where}; complete before you send it: {', '.join(drafts.OPEN)}")
    return exits.FINE


def _write(file: Path | None, data: bytes) -> None:
    if file is None:
        out.data(data)
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{file}: {(error.strerror or 'cannot be written').lower()}") from None
