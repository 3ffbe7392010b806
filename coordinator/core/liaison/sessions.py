"""A liaison session: proposals in versions, who agreed to which and who objects, and the text that all agreed to.

A version is agreed once everybody that must agree has agreed to that very text: whoever proposes it has by that, and of
each participant its latest word on the version counts. A word that names another text of the same version, because its
sender was shown another, does not count. Two texts under one version are nobody's: somebody has to make a new one.

Only members are heard. Everything is a function of the set of messages. Source: reference domain.md R-42, §5.3.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

import msgspec

from coordinator.core.deconfliction.ledger import Item
from coordinator.core.liaison.life import Key, responses
from coordinator.core.orders.requests import standing
from schemas.envelope import LangText
from schemas.liaison import MEETING, LiaisonRequest, LiaisonResponse

State = Literal["open", "agreed", "withdrawn", "expired"]


class Voice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The latest word of a member on a version; ``other_text`` says that it was given to another text."""

    by: str
    word: Literal["agree", "object"]
    at: int
    reason: str = ""
    other_text: bool = False


class Version(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of a proposal. ``missing`` must agree and have not; ``doubled``: two texts go by this version."""

    proposal: str
    version: int
    by: str
    at: int
    message: str
    texts: tuple[LangText, ...]
    text_sha256: str
    voices: tuple[Voice, ...] = ()
    missing: tuple[str, ...] = ()
    doubled: bool = False
    agreed_at: int | None = None

    @property
    def name(self) -> str:
        """The proposal with its version, as people say it."""
        return f"{self.proposal} v{self.version}"


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A session as it is now; ``agreed`` is the version that all agreed to last, "" if there is none."""

    id: str
    originator: str
    subject: str
    state: State
    opened_at: int
    members: tuple[str, ...]
    must_agree: tuple[str, ...]
    versions: tuple[Version, ...] = ()
    agreed: str = ""
    agreed_at: int | None = None
    reply_by: int | None = None
    findings: tuple[str, ...] = ()

    def version(self, proposal: str, number: int = 0) -> Version | None:
        """Return a version of a proposal, the newest for 0, or None."""
        named = [v for v in self.versions if v.proposal == proposal and number in (0, v.version)]
        return max(named, key=lambda v: v.version, default=None)

    @property
    def text(self) -> Version | None:
        """The version that all agreed to."""
        return next((v for v in self.versions if self.agreed and v.name == self.agreed), None)


def text_hash(texts: Iterable[LangText]) -> str:
    """Return the SHA-256, in hex, of texts in their languages: what somebody had before them when they agreed."""
    content = sorted((t.lang.casefold(), t.text) for t in texts)
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def sessions(items: Iterable[Item], now: int) -> tuple[Session, ...]:
    """Return every session that a set of messages holds, oldest first, as it is at a time (microseconds UTC)."""
    kept = standing(items)
    opened: defaultdict[Key, list[Item]] = defaultdict(list)
    for i in kept:
        if isinstance(i.body, LiaisonRequest) and i.body.request_kind == MEETING:
            opened[i.key].append(i)
    gone = {i.key for i in kept if i.cancelled and i.envelope.kind == LiaisonRequest.KIND}
    said = responses(kept, opened)
    found = [_session(key, of, said[key], key in gone, now) for key, of in opened.items()]
    return tuple(sorted(found, key=lambda s: (s.opened_at, s.id, s.originator)))


def _session(key: Key, of: list[Item], said: list[Item], gone: bool, now: int) -> Session:
    newest = max(of, key=lambda i: i.revision)
    body, envelope = newest.body, newest.envelope
    if not isinstance(body, LiaisonRequest):
        raise TypeError(f"{newest.name} opens no session")  # `sessions` keeps them apart
    members = {key[0], *(a.to for a in envelope.addressees)}
    acting = {key[0], *(a.to for a in envelope.addressees if a.role == "action")}
    must = tuple(sorted(members.intersection(body.must_agree) if body.must_agree else acting))
    versions = _versions([i for i in said if i.key[0] in members], must)
    done = [v for v in versions if v.agreed_at is not None]
    last = max(done, key=lambda v: (v.agreed_at or 0, v.proposal, v.version), default=None)
    reply_by = body.reply_by.utc if body.reply_by else None
    late = reply_by is not None and reply_by <= now
    state: State = "agreed" if last else "expired" if late or body.state == "expired" else "open"
    if gone or body.state == "withdrawn":
        state = "withdrawn"
    return Session(
        id=key[1], originator=key[0], subject=body.subject, state=state, opened_at=min(i.issued for i in of),
        members=tuple(sorted(members)), must_agree=must, versions=versions, agreed=last.name if last else "",
        agreed_at=last.agreed_at if last else None, reply_by=reply_by, findings=body.findings,
    )  # fmt: skip


def _versions(said: list[Item], must: tuple[str, ...]) -> tuple[Version, ...]:
    proposed: defaultdict[tuple[str, int], list[Item]] = defaultdict(list)
    heard: defaultdict[tuple[str, int], list[Item]] = defaultdict(list)
    for i in said:
        body = _word(i)
        if body.proposal and body.version >= 1:
            into = proposed if body.decision == "propose" else heard if body.decision in ("agree", "object") else None
            if into is not None:
                into[body.proposal, body.version].append(i)
    found = [_version(of, heard[slot], must) for slot, of in proposed.items()]
    return tuple(sorted(found, key=lambda v: (v.at, v.proposal, v.version)))


def _version(proposed: list[Item], heard: list[Item], must: tuple[str, ...]) -> Version:
    """Return a version as it stands; if it was proposed twice in other words, the first is shown and none is agreed."""
    first, body = proposed[0], _word(proposed[0])
    digest = text_hash(body.texts)
    doubled = any(text_hash(_word(i).texts) != digest for i in proposed)
    voices = _voices(first, heard, digest)
    agreed = {v.by: v.at for v in voices if v.word == "agree" and not v.other_text}
    missing = tuple(p for p in must if p not in agreed)
    whole = bool(must) and bool(body.texts) and not missing and not doubled
    return Version(
        proposal=body.proposal, version=body.version, by=first.key[0], at=first.issued, message=first.name,
        texts=body.texts, text_sha256=digest, voices=voices, missing=missing, doubled=doubled,
        agreed_at=max(agreed[p] for p in must) if whole else None,
    )  # fmt: skip


def _voices(first: Item, heard: list[Item], digest: str) -> tuple[Voice, ...]:
    """Return the latest word of each member; whoever proposed the version agreed by that, at first."""
    latest = {first.key[0]: Voice(by=first.key[0], word="agree", at=first.issued)}
    for i in heard:
        body = _word(i)
        word: Literal["agree", "object"] = "agree" if body.decision == "agree" else "object"
        other = bool(body.text_sha256) and body.text_sha256 != digest
        latest[i.key[0]] = Voice(by=i.key[0], word=word, at=i.issued, reason=body.reason, other_text=other)
    return tuple(sorted(latest.values(), key=lambda v: (v.at, v.by)))


def _word(item: Item) -> LiaisonResponse:
    if not isinstance(item.body, LiaisonResponse):
        raise TypeError(f"{item.name} is no word of a session")  # `responses` keeps them apart
    return item.body
