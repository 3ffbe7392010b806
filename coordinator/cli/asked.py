"""How requests and sessions look: what was asked, by whom, who has it, since when, what is open, until when. Pure."""

from collections.abc import Iterator
from typing import Final

from coordinator.cli.text import clean, count, dtg, fields, relative, short
from coordinator.core.liaison.life import OVER, WHOLE, Life, Line, Share
from coordinator.core.liaison.sessions import Session, Version
from coordinator.core.liaison.views import View
from coordinator.core.orders.requests import Request
from coordinator.texts import say

_WORDS: Final = {"accept": "promises", "provisional": "promises under conditions", "decline": "declines"}


def is_over(view: View) -> bool:
    """Say whether a request or session asks for nothing any more; what somebody still has is not over."""
    if view.session:
        return view.session.state != "open"
    if view.request and view.request.owner:
        return False
    return view.life is None or view.life.state in OVER


def line(view: View, now: int) -> str:
    """Return a request or a session on one line."""
    if view.session:
        return _session_line(view.session, now)
    return _life_line(view.life, view.request, now) if view.life else ""


def _life_line(life: Life, request: Request | None, now: int) -> str:
    parts = [
        say(f"liaison-{life.state}"),
        clean(life.id),
        f"{clean(life.originator)} asks {clean(', '.join(life.asked)) or 'everybody'}",
        short(life.subject, 60),
        _has(request),
        _left(life),
        _until(life, now),
    ]
    return f"{dtg(life.asked_at)}  " + " | ".join(part for part in parts if part)


def _session_line(session: Session, now: int) -> str:
    waiting = session.versions[-1] if session.versions else None
    parts = [
        say(f"session-{session.state}"),
        clean(session.id),
        f"session of {clean(', '.join(session.members))}",
        short(session.subject, 60),
        clean(session.agreed) or (f"{clean(waiting.name)} {_missing(waiting)}" if waiting else "no proposal yet"),
        f"until {dtg(session.reply_by)} ({relative(session.reply_by, now)})" if session.reply_by else "",
    ]
    return f"{dtg(session.opened_at)}  " + " | ".join(part for part in parts if part)


def block(view: View, now: int) -> str:
    """Return a request or a session in full."""
    if view.session:
        return _session_block(view.session, now)
    return _life_block(view.life, view.request, now) if view.life else ""


# -- requests ---------------------------------------------------------------------------------------------------------


def _life_block(life: Life, request: Request | None, now: int) -> str:
    head = f"{clean(life.id)}  {say(f'liaison-{life.state}')}  {life.request_kind}: {clean(life.subject)}"
    of = clean(", ".join(life.asked)) or "nobody named"
    return "\n".join((head, fields((
        ("asked", f"{dtg(life.asked_at)} by {clean(life.originator)}, of {of}"),
        ("has it", _has(request) or "nobody says: alerting does not run"),
        ("until", _until(life, now)),
        ("open", _left(life)),
        *((_name(item), _item(item)) for item in life.lines),
        *((_name(item), _share(share)) for item in life.lines for share in item.shares),
        ("and", f"{count(life.more, 'more item')}: ask for them in another request" if life.more else ""),
        *(("besides", _share(share)) for share in life.besides),
        *(("question", f"{clean(q.by)} {dtg(q.at)}: {clean(q.text)} ({clean(q.message.rpartition(':')[0])})")
          for q in life.questions if not q.answer),
        *(("answered", f"{clean(q.by)}: {clean(q.text)} / {clean(q.answer)}") for q in life.questions if q.answer),
        ("silent", clean(", ".join(life.silent))),
        *(("said", f"{dtg(w.at)} {clean(w.by)}: {say(f'request-{w.state}')}"
           + (f" ({clean(w.reason)})" if w.reason else "")) for w in (request.words if request else ())
          if w.state != "asked"),
    ))))  # fmt: skip


def _has(request: Request | None) -> str:
    if request is None:
        return ""
    words = say(f"request-{request.state}")
    return f"{clean(request.owner)} has it since {dtg(request.since)}: {words}" if request.owner else words


def _left(life: Life) -> str:
    if life.state in ("withdrawn", "answered"):
        return ""
    open_ = [item for item in life.lines if item.state != "accepted"]
    return (
        ""
        if len(life.lines) == 1 and life.lines[0].ref == WHOLE
        else f"{len(open_)} of {count(len(life.lines), 'item')}"
    )


def _until(life: Life, now: int) -> str:
    named = (("answer by", life.reply_by), ("needed by", life.need_by))
    return ", ".join(f"{what} {dtg(at)} ({relative(at, now)})" for what, at in named if at is not None)


def _name(item: Line) -> str:
    return f"item {clean(item.ref)}" if item.ref != WHOLE else "all of it"


def _item(item: Line) -> str:
    asked = " ".join(x for x in (_number(item.asked), clean(item.unit), clean(item.name)) if x)
    left = f", {_number(item.left)} left" if item.state == "partially" and item.left else ""
    return f"{asked}: {say(f'item-{item.state}')}{left}"


def _share(share: Share) -> str:
    amount = " ".join(x for x in (_number(share.quantity), clean(share.unit)) if x)
    said = f"{clean(share.by)} {dtg(share.at)} {_WORDS[share.decision]} {amount}".rstrip()
    more = [f"if {clean(share.conditions)}" if share.conditions else "", clean(share.reason)]
    named = f" ({clean(share.message.rpartition(':')[0])})" if share.decision == "provisional" else ""
    return ": ".join([said, *filter(None, more)]) + named


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


# -- sessions ---------------------------------------------------------------------------------------------------------


def _session_block(session: Session, now: int) -> str:
    head = f"{clean(session.id)}  {say(f'session-{session.state}')}  {clean(session.subject)}"
    until = f"{dtg(session.reply_by)} ({relative(session.reply_by, now)})" if session.reply_by else ""
    return "\n".join((head, fields((
        ("opened", f"{dtg(session.opened_at)} by {clean(session.originator)}"),
        ("members", clean(", ".join(session.members))),
        ("must agree", clean(", ".join(session.must_agree))),
        ("until", until),
        ("findings", clean(", ".join(session.findings))),
        ("agreed", f"{clean(session.agreed)}, {dtg(session.agreed_at)}" if session.agreed else ""),
    )), *(text for version in session.versions for text in _version(version))))  # fmt: skip


def _version(version: Version) -> Iterator[str]:
    """Yield a version of a proposal, with its text in every language that it has."""
    yield f"\n{clean(version.name)}  {_missing(version)}  by {clean(version.by)} {dtg(version.at)}"
    yield fields((
        *((clean(t.lang) or "-", clean(t.text)) for t in version.texts),
        *((clean(v.by), _voice(v.word, v.at, v.reason, other=v.other_text)) for v in version.voices),
    ))  # fmt: skip


def _voice(word: str, at: int, reason: str, *, other: bool) -> str:
    said = {"agree": "agrees", "object": "OBJECTS"}[word] + f" {dtg(at)}" + (f": {clean(reason)}" if reason else "")
    return f"{said} -- to another text than this one: does not count" if other else said


def _missing(version: Version) -> str:
    if version.doubled:
        return "TWO TEXTS under this version: propose a new one"
    if version.agreed_at is not None:
        return "AGREED"
    against = [v.by for v in version.voices if v.word == "object"]
    waiting = [p for p in version.missing if p not in against]
    said = [f"waits for {clean(', '.join(waiting))}" if waiting else ""]
    return ", ".join(filter(None, [*said, f"{clean(', '.join(against))} objects" if against else ""]))
