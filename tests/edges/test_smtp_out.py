"""Mail out: what a delivery looks like to its reader, and a relay that refuses, waits, breaks off or is not there."""

import re
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream

from coordinator import texts
from coordinator.edges.clock import ManualClock
from coordinator.edges.endpoints import Smtp
from coordinator.edges.smtp import letters
from coordinator.edges.smtp.mail_out import Relay, Unreachable
from coordinator.edges.tasks import beside
from coordinator.errors import Undelivered
from coordinator.ports import Departure
from schemas.subjects import Precedence
from tests.support.gates import FakeGate, departure
from tests.support.mails import BUS, NOW, XAR, letter, post, read, relaying

TEXTS = Path(texts.__file__).parent / "texts"
EVENT = b'<?xml version="1.0"?><event/>'


def delivered(one: Departure, to: str = XAR) -> EmailMessage:
    """Return a delivery as its reader sees it."""
    return read(letters.delivery(one, BUS, to, NOW))


def file_of(mail: EmailMessage) -> EmailMessage:
    """Return the attachment of a mail."""
    [found] = mail.iter_attachments()
    assert isinstance(found, EmailMessage)
    return found


# -- what it looks like -----------------------------------------------------------------------------------------------


def test_text_is_the_mail_itself() -> None:
    text = "ORDER 7\nA. 140400Z\n. hold\nFrom here\nПОСТ ٣\n"
    mail = delivered(departure(1, text.encode()))
    assert mail.get_content().replace("\r\n", "\n") == text
    assert (mail["From"], mail["To"], mail["Subject"]) == (BUS, XAR, "ROUTINE message m1")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]).timestamp() * 1_000_000 == NOW
    assert letters.delivery(departure(1, text.encode()), BUS, XAR, NOW).isascii()


@pytest.mark.parametrize(
    ("format", "suffix", "media"),
    [
        ("cot", ".cot", "application/xml"),
        ("geojson", ".geojson", "application/geo+json"),
        ("sheet", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("sheet", ".csv", "text/csv"),
        ("c2sim", ".xml", "application/xml"),
        ("native", ".ndjson", "application/x-ndjson"),
        ("kml", ".kml", "application/vnd.google-earth.kml+xml"),
        ("other", ".bin", "application/octet-stream"),
        ("text", ".txt", "text/plain"),
    ],
)
def test_other_formats_are_an_attachment_byte_for_byte(format: str, suffix: str, media: str) -> None:
    data = EVENT + b"\r\n\xff\0"  # no text, so that even "text" is attached
    one = departure(1, data, format=format, suffix=suffix)
    mail = delivered(one)
    file = file_of(mail)
    assert file.get_payload(decode=True) == data
    assert (file.get_content_type(), file.get_filename()) == (media, one.name)
    body = mail.get_body()
    assert body is not None
    assert body.get_content().strip() == one.subject


@pytest.mark.parametrize(
    ("precedence", "high"), [("flash", True), ("immediate", True), ("priority", False), ("routine", False)]
)
def test_what_is_urgent_is_marked_for_the_readers_program(precedence: Precedence, high: bool) -> None:
    mail = delivered(departure(1, b"x", precedence=precedence))
    assert (mail["X-Priority"], mail["Importance"]) == (("1", "high") if high else ("3", "normal"))


def test_every_try_has_the_same_message_id_and_another_delivery_another() -> None:
    first, again = (letters.delivery(departure(1, b"x"), BUS, XAR, now) for now in (NOW, NOW + 60_000_000))
    assert read(first)["Message-ID"] == read(again)["Message-ID"]
    assert letters.own(BUS).fullmatch(str(read(first)["Message-ID"]))
    assert read(first)["Message-ID"] != delivered(departure(2, b"x"))["Message-ID"]
    assert read(first)["Message-ID"] != delivered(departure(1, b"x"), "ops@xbl.example")["Message-ID"]


@pytest.mark.parametrize(
    "bad", ["a\r\nBcc: spy@x.example", "a\nBcc: spy@x.example", "a\u2028Bcc: x", "\0", "\u202e", "é" * 900]
)
def test_no_id_name_or_subject_adds_a_header(bad: str) -> None:
    usual = delivered(departure(1, EVENT, format="cot", suffix=".cot"))
    mail = delivered(Departure(bad, bad, bad, EVENT, "cot", "flash"))
    assert mail.keys() == usual.keys()
    assert file_of(mail).keys() == file_of(usual).keys()
    assert str(mail["Subject"]).isprintable()


@pytest.mark.parametrize("lang", texts.languages())
def test_every_language_has_every_text_of_an_answer_with_the_same_values(lang: str) -> None:
    english, other = (
        {
            key: set(re.findall(r"\{ \$(\w+) \}", said))
            for key, said in re.findall(r"^(mail-[\w-]+) = (.*)$", text, re.M)
        }
        for text in ((TEXTS / name / "mail.ftl").read_text(encoding="utf-8") for name in ("en", lang))
    )
    assert english == other
    for key, values in english.items():
        said = texts.say(key, lang, **{value: 2 if value in ("count", "all", "limit") else "v" for value in values})
        assert "{" not in said


@pytest.mark.parametrize(
    ("lang", "verdict"), [("fr", "REFUSÉ : 1 sur 2 : Re: SITREP"), ("", "REFUSED 1 of 2: Re: SITREP")]
)
async def test_answer_is_in_the_language_of_the_channel(tmp_path: Path, lang: str, verdict: str) -> None:
    async with post(tmp_path, FakeGate("xar", "smtp", address=XAR, language=lang)) as here:
        mail = letter(Subject="SITREP")
        mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="x.pdf")
        await here.mail(lambda smtp: smtp.send_message(mail))
        [answer] = await here.relay.until(1)
        assert answer["Subject"] == verdict


# -- by the relay -----------------------------------------------------------------------------------------------------


async def test_delivery_goes_through_the_relay_to_the_channels_address(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        here.gate.put(departure(1, b"hello"))
        [mail] = await here.relay.until(1)
        await here.gate.until(lambda: here.gate.carried)
        assert (here.relay.envelopes[0].mail_from, here.relay.envelopes[0].rcpt_tos) == (BUS, [XAR])
        assert mail.get_content().strip() == "hello"


@pytest.mark.parametrize("command", ["RCPT", "DATA", "MAIL"])
async def test_delivery_that_is_refused_for_now_is_the_same_mail_when_it_is_taken(tmp_path: Path, command: str) -> None:
    async with post(tmp_path) as here:
        here.relay.replies[command] = ["451 greylisted"]
        here.gate.put(departure(1, b"hello"))
        await here.gate.until(lambda: here.gate.failed)
        [(_, error)] = here.gate.failed
        assert (error.retry, "451 greylisted" in str(error)) == (True, True)
        here.gate.try_again.set()
        await here.gate.until(lambda: here.gate.carried)
        assert [str(mail["Message-ID"]) for mail in here.relay.mails] == [letters.message_id(f"to {XAR}", "m1", BUS)]


@pytest.mark.parametrize(
    ("command", "reply", "retry"),
    [
        ("RCPT", "550 no such user", False),
        ("DATA", "554 no spam", False),
        ("MAIL", "552 too large", False),
        ("MAIL", "550 who are you", True),  # not this mail's fault, and every other would be lost as well
        ("DATA", "421 closing", True),
    ],
)
async def test_refusal_for_good_is_told_from_one_for_now_with_the_relays_words(
    tmp_path: Path, command: str, reply: str, retry: bool
) -> None:
    async with post(tmp_path) as here:
        here.relay.replies[command] = [reply]
        here.gate.put(departure(1, b"hello"))
        await here.gate.until(lambda: here.gate.failed)
        [(_, error)] = here.gate.failed
        assert (error.retry, reply in str(error)) == (retry, True)


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nRCPT TO:<spy@x.example>", "a b@c", "Ops <ops@xar.example>"])
async def test_channel_without_a_usable_address_never_delivers_and_says_so(tmp_path: Path, address: str) -> None:
    async with post(tmp_path, FakeGate("xar", "smtp", address=address)) as here:
        here.gate.put(departure(1, b"hello"))
        await here.gate.until(lambda: here.gate.failed)
        [(_, error)] = here.gate.failed
        assert (error.retry, "is no mail address" in str(error)) == (False, True)
        assert not here.relay.asked


async def test_relay_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    async with relaying() as gone:
        port = gone.port
    relay = Relay(Smtp(relay=f"127.0.0.1:{port}", sender=BUS), tmp_path, ManualClock(NOW))
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port} cannot be used") as raised:
        await relay.deliver(departure(1, b"x"), XAR)
    assert raised.value.retry
    async with relaying(port) as back:
        await relay.deliver(departure(1, b"x"), XAR)
        assert len(back.envelopes) == 1


@pytest.mark.parametrize("greeting", [b"", b"220 relay\r\n", b"554 go away\r\n", b"\xff\xfe\0\r\n", b"2" * 100_000])
async def test_relay_that_says_nothing_or_rubbish_does_not_hold_us(tmp_path: Path, greeting: bytes) -> None:
    async def answer(stream: SocketStream) -> None:
        async with stream:
            await stream.send(greeting)
            with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
                while True:
                    await stream.receive()

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, beside() as tasks:
        tasks.start_soon(listener.serve, answer)
        port = listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's, no database
        relay = Relay(Smtp(relay=f"127.0.0.1:{port}", sender=BUS), tmp_path, ManualClock(NOW), timeout_s=0.1)
        with pytest.raises(Undelivered) as raised, anyio.fail_after(5):
            await relay.deliver(departure(1, b"x"), XAR)
        assert raised.value.retry


async def test_relay_without_the_tls_that_is_asked_for_gets_no_mail(tmp_path: Path) -> None:
    file = tmp_path / "relay.password"
    file.write_text("secret\n")
    async with relaying() as plain:
        at = Smtp(
            relay=f"127.0.0.1:{plain.port}",
            sender=BUS,
            relay_tls=True,
            relay_user="bus",
            relay_password=file.name,
        )
        with pytest.raises(Unreachable) as raised:
            await Relay(at, tmp_path, ManualClock(NOW)).deliver(departure(1, b"x"), XAR)
        assert "secret" not in str(raised.value)
        assert not plain.asked
