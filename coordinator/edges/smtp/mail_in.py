"""Mail in: what the SMTP server answers, and what it puts on the bus.

1. Who may not send hears it at MAIL FROM; what is not for the bus, at RCPT TO; nothing is read before.
2. 250 is said when every part is kept on the bus and its answer is kept for sending; else 451, and the sender's mail
   server tries again: the same mail gives the same inputs.
3. A bounce, an automatic answer and our own mail are never inputs; they, automatic reports and mail from lists are
   never answered by mail. So two programs cannot write to each other for ever.
"""

import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import anyio
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, TLSSetupException
from aiosmtpd.smtp import Session as Talk

from coordinator import log
from coordinator.edges.quiet import Quiet
from coordinator.edges.smtp import letters
from coordinator.edges.smtp.answers import Answers, hashed
from coordinator.edges.smtp.headers import line
from coordinator.edges.smtp.parts import Mail, Part, Unusable, apart
from coordinator.edges.smtp.senders import NULL, Senders
from coordinator.edges.smtp.sessions import Session
from coordinator.errors import BusError
from coordinator.ports import Answered, Clock, Gate

MAX_RECIPIENTS: Final = 20
ANSWERS_AN_HOUR: Final = 120  # by mail, to one participant
_AT_ONCE: Final = 2  # mails of one participant that are read at the same time
_TAKE_S: Final = 200.0  # shorter than a silent connection lives
_HOUR_US: Final = 3_600_000_000
_FAULT: Final = "451 4.3.0 a fault of ours, and it is logged; the mail is not kept, send it again later"

_log = log.get("smtp")

Answer = list[tuple[Part, Answered | None]]


class MailIn:
    """What aiosmtpd asks of us: a method for each command."""

    def __init__(self, senders: Senders, answers: Answers, sender: str, clock: Clock) -> None:
        self._senders = senders
        self._answers = answers
        self._sender = sender
        self._own = letters.own(sender)
        self._clock = clock
        self._quiet = Quiet(clock)
        self._reading: defaultdict[str, int] = defaultdict(int)
        self._answered: defaultdict[str, deque[int]] = defaultdict(partial(deque, maxlen=ANSWERS_AN_HOUR))
        self._apart = anyio.CapacityLimiter(2)

    # -- who ----------------------------------------------------------------------------------------------------------

    def authenticate(
        self, server: Session, talk: Talk, envelope: Envelope, mechanism: str, said: LoginPassword
    ) -> AuthResult:
        """Check a login."""
        user, password = (text.decode("utf-8", "replace") for text in (said.login, said.password))
        participant = self._senders.login(user, password)
        if not participant:
            peer, many = self._quiet.count(server.peer)
            if many:
                _log.warning("login refused", peer=peer, user=hashed(user), count=many)
            return AuthResult(success=False, handled=False)
        server.known = True
        return AuthResult(success=True, auth_data=participant)

    async def handle_MAIL(
        self, server: Session, talk: Talk, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Let a participant begin a mail, and the host's own mail server bring a bounce."""
        bounce = address == NULL and self._senders.trusts(server.peer)
        if self._gate(talk, server, address) is None and not bounce:
            return _reply(self._senders.why_not(server.peer, address))
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: Session, talk: Talk, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take mail for the bus only: we relay for nobody."""
        if address.casefold() != self._sender.casefold():
            return _reply(f"550 5.1.1 {line(address, 100)} is not the bus; write to {self._sender}")
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    def _gate(self, talk: Talk, server: Session, address: str) -> Gate | None:
        participant = talk.auth_data if talk.authenticated else ""
        if not participant and not self._senders.trusts(server.peer):
            return None
        return self._senders.gate(str(participant or ""), address)

    # -- what ---------------------------------------------------------------------------------------------------------

    async def handle_DATA(self, server: Session, talk: Talk, envelope: Envelope) -> str:
        """Put a mail on the bus and say what became of it."""
        data, address = server.content, envelope.mail_from or NULL
        gate = self._gate(talk, server, address)
        try:
            mail = await anyio.to_thread.run_sync(apart, data, self._own, limiter=self._apart)
        except Unusable as error:
            _log.warning("mail refused", by=gate.participant if gate else "", why=str(error))
            return _reply(f"554 5.6.0 not taken: {error}; send the report as plain text")
        if gate is None or mail.kind == "echo":
            return self._left_out(gate, mail, data)
        async with self._turn(gate.participant) as free:
            if not free:
                return f"451 4.3.2 {_AT_ONCE} of your mails are being taken already; send one after the other"
            return await self._taken(gate, mail, address)

    def _left_out(self, gate: Gate | None, mail: Mail, data: bytes) -> str:
        """Log a mail that is no input: a bounce names the mail of ours that came back."""
        ours = re.search(self._own.pattern.encode(), data)
        participant = gate.participant if gate else ""
        about = ours.group().decode() if ours else ""
        _log.warning(
            "mail left out", participant=participant, mail=mail.id, about=about, why="bounce or automatic answer"
        )
        return "250 2.0.0 left out: a bounce or an automatic answer is no report"

    @asynccontextmanager
    async def _turn(self, participant: str) -> AsyncIterator[bool]:
        self._reading[participant] += 1
        try:
            yield self._reading[participant] <= _AT_ONCE
        finally:
            self._reading[participant] -= 1

    async def _taken(self, gate: Gate, mail: Mail, address: str) -> str:
        try:
            with anyio.fail_after(_TAKE_S):
                answered = await _all(gate, mail)
        except (BusError, TimeoutError) as error:
            _log.warning("mail not kept", participant=gate.participant, mail=mail.id, why=str(error))
            return _reply(f"451 4.3.0 not kept: {str(error) or 'it took too long'}; send it again later")
        refused = sum(said is None or said.accepted is False for _, said in answered)
        _log.info("mail taken", participant=gate.participant, mail=mail.id, parts=len(answered), refused=refused)
        said = f"{len(answered) - refused} of {len(answered)} parts kept, {refused} refused"
        return _reply(f"250 2.0.0 {said}; {self._answer(gate, mail, address, answered)}")

    def _answer(self, gate: Gate, mail: Mail, address: str, answered: Answer) -> str:
        """Let the answer go out by mail if it may, and say whether it does."""
        to = gate.channel.address or address
        if mail.kind != "report" or address == NULL or not letters.is_address(to):
            return "no answer by mail, because a program wrote it; the answer is on your board"
        if not self._may_answer(gate.participant):
            _log.warning("mail not answered", participant=gate.participant, mail=mail.id, why="too many")
            return f"no answer by mail, because there were {ANSWERS_AN_HOUR} within an hour; it is on your board"
        letter = letters.answer(mail, answered, self._sender, to, self._clock.now(), gate.channel.language or "en")
        if not self._answers.add(to, mail.key, letter):
            return "no answer by mail, because it could not be kept for sending; it is on your board"
        return "the answer comes as a mail"

    def _may_answer(self, participant: str) -> bool:
        times, now = self._answered[participant], self._clock.now()
        if len(times) == ANSWERS_AN_HOUR and now - times[0] < _HOUR_US:
            return False
        times.append(now)
        return True

    async def handle_exception(self, error: Exception) -> str:
        """Log a fault of ours; the sender's mail server tries again."""
        if isinstance(error, TLSSetupException):
            why = str(error.__cause__ or error)
            if many := self._quiet.count(why)[1]:
                _log.warning("connection not encrypted", why=why, count=many)
            return "454 4.7.0 TLS failed"
        _log.exception("mail failed", exc_info=error)
        return _FAULT


async def _all(gate: Gate, mail: Mail) -> Answer:
    """Take every part, all at once: each may wait for its answer.

    Raises:
        BusError: one of them is not kept.
    """
    said: dict[int, Answered | None] = {}
    failed: list[BusError] = []

    async def one(part: Part) -> None:
        try:
            said[part.number] = await _take(gate, mail, part)
        except BusError as error:
            failed.append(error)

    async with anyio.create_task_group() as tasks:
        for part in mail.parts:
            tasks.start_soon(one, part)
    if failed:
        raise failed[0]
    return [(part, said[part.number]) for part in mail.parts]


async def _take(gate: Gate, mail: Mail, part: Part) -> Answered | None:
    if part.refusal is None:
        return await gate.take(part.data, mail.name(part))
    sha256 = part.refusal.args.get("sha256", "")
    _log.warning(
        "part refused",
        participant=gate.participant,
        mail=mail.id,
        part=part.number,
        why=part.refusal.key,
        sha256=sha256,
    )
    return None


def _reply(text: str) -> str:
    return line(text, 400).encode("ascii", "replace").decode()
