"""Mail out, by way of the host's relay. A mail is out when the relay has taken it; whatever else, `Undelivered`.

=====================================================  ==================================================
the relay cannot be reached, or hangs up with 421      tried again, and nothing else gets further meanwhile
it refuses our login, our TLS or our sender            the same: that is the operator's to mend
it fails or answers 4xx while it takes a mail          that mail is tried again
it answers 5xx to a mail                               never again, with its words
=====================================================  ==================================================
"""

import ssl
from contextlib import suppress
from pathlib import Path
from typing import Final

import aiosmtplib
import anyio

from coordinator.edges import endpoints
from coordinator.edges.smtp import letters
from coordinator.edges.smtp.headers import line
from coordinator.edges.store import refuse
from coordinator.errors import Undelivered
from coordinator.ports import Clock, Departure

TIMEOUT_S: Final = 60.0  # for each step; a whole mail has five times as long
_AT_ONCE: Final = 4  # connections to the relay
_GOODBYE_S: Final = 2.0
_CLOSING: Final = 421
_TOO_LARGE: Final = 552  # said to MAIL FROM, about the mail


class Unreachable(Undelivered):
    """Raised when the relay takes nothing at all now; another mail would not get further."""


class Relay:
    """The mail server that our mails go through."""

    def __init__(self, at: endpoints.Smtp, store: Path, clock: Clock, *, timeout_s: float = TIMEOUT_S) -> None:
        """Read where it is and the password for it.

        Raises:
            ConfigError: the address, the sender or the password cannot be used.
        """
        where = store / endpoints.FILE
        self._host, self._port = _address(at.relay, where)
        if not letters.is_address(at.sender):
            raise refuse(where, f'smtp.sender "{at.sender}" is no mail address', 'write it as "name@host.example"')
        if bool(at.relay_user) != bool(at.relay_password):
            raise refuse(where, "smtp.relay_user and smtp.relay_password go together", "give both, or none")
        if at.relay_user and not at.relay_tls and self._host not in ("localhost", "127.0.0.1", "::1"):
            raise refuse(where, "a password would cross the network in clear", "set smtp.relay_tls = true")
        self.sender = at.sender
        self._user = at.relay_user
        self._password = _password(store / at.relay_password) if at.relay_password else ""
        self._tls = at.relay_tls
        self._clock = clock
        self._timeout_s = timeout_s
        self._connections = anyio.CapacityLimiter(_AT_ONCE)

    async def deliver(self, departure: Departure, to: str) -> None:
        """Send what is delivered to a participant.

        Raises:
            Undelivered: the relay did not take it.
        """
        if not letters.is_address(to):
            raise Undelivered(f'"{line(to)}" is no mail address', retry=False)
        await self.send(letters.delivery(departure, self.sender, to, self._clock.now()), to)

    async def send(self, mail: bytes, to: str) -> None:
        """Send one mail to one address.

        Raises:
            Undelivered: the relay did not take it.
        """
        async with self._connections:
            client = aiosmtplib.SMTP(
                hostname=self._host,
                port=self._port,
                local_hostname=letters.domain(self.sender),
                timeout=self._timeout_s,
                use_tls=False,
                start_tls=self._tls,
                tls_context=ssl.create_default_context() if self._tls else None,
            )
            try:
                with anyio.fail_after(5 * self._timeout_s):
                    await self._connected(client)
                    await self._through(client, mail, to)
                    await _leave(client)
            except TimeoutError:
                raise Undelivered(f"the relay {self._host}:{self._port} was too slow") from None
            finally:
                client.close()

    async def _connected(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.connect()
            if self._user:
                await client.login(self._user, self._password)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Unreachable(f"the relay {self._host}:{self._port} cannot be used: {_words(error)}") from error

    async def _through(self, client: aiosmtplib.SMTP, mail: bytes, to: str) -> None:
        try:
            await client.sendmail(self.sender, [to], mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Undelivered(f"the relay {self._host}:{self._port} failed: {_words(error)}") from error


def _refused(error: aiosmtplib.SMTPResponseException) -> Undelivered:
    sender = isinstance(error, aiosmtplib.SMTPSenderRefused) and error.code != _TOO_LARGE
    if error.code == _CLOSING or sender:  # whatever the mail is, and whoever it is for
        return Unreachable(f"the relay takes no mail from us: {_words(error)}")
    return Undelivered(f"the relay refused it: {_words(error)}", retry=error.code < 500)


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye: the mail is taken, so whatever goes wrong now is nobody's business."""
    with suppress(aiosmtplib.SMTPException, OSError), anyio.move_on_after(_GOODBYE_S):
        await client.quit()


def _words(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return line(f"{error.code} {error.message}", 300)
    return line(str(error), 300) or type(error).__name__


def _address(text: str, where: Path) -> tuple[str, int]:
    """Return host and port; a relay may have a name, what is listened on may not."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise refuse(where, f'smtp.relay "{text}" is no address', 'write it as "127.0.0.1:25" or "mail.example:587"')
    return host.strip("[]"), int(port)


def _password(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(path, f"the relay's password cannot be read: {error}", "put it alone into that file") from None
