"""Mail in, in bad company: rubbish, floods, slow and silent peers, and places that cannot be used."""

import base64
import smtplib
from pathlib import Path

import anyio
import pytest

from coordinator.edges.smtp.mail_in import MAX_RECIPIENTS
from coordinator.edges.smtp.sessions import MAX_MAIL, Limits
from coordinator.errors import ConfigError
from coordinator.ports import Answered
from tests.support.gates import FakeGate, Taken
from tests.support.mails import BUS, XAR, codes, letter, offer, post, rest

TRUSTED = {"trusted": ("127.0.0.1",)}
GREETED = ("220", "250-", "250 ")

# -- bad company ------------------------------------------------------------------------------------------------------


async def test_bad_mail_between_two_good_ones_loses_neither(tmp_path: Path) -> None:
    bad = b"X: " + b"a\r\n " * 50_000
    async with post(tmp_path) as here:
        two = letter("B. SECOND\n", Message_ID="<2@x>")
        assert await here.mail(lambda smtp: codes(smtp, letter(), bad, two)) == [250, 554, 250]
        assert [t.name for t in here.gate.taken] == ["<1@xar.example>/1/body.txt", "<2@x>/1/body.txt"]


async def test_fault_of_ours_says_try_again_and_tells_nothing_about_us(tmp_path: Path) -> None:
    def broken(_: Taken) -> Answered:
        raise RuntimeError("secret")

    async with post(tmp_path) as here:
        here.gate.answer = broken
        code, text = await here.mail(lambda smtp: offer(smtp, letter()))
        assert (code, "secret" in text) == (451, False)


async def test_mail_that_is_too_large_is_refused_announced_or_not_and_the_link_stays(tmp_path: Path) -> None:
    large = b"Subject: x\r\n\r\n" + b"0123456789" * (MAX_MAIL // 10)

    def talk(smtp: smtplib.SMTP) -> list[int]:
        announced = smtp.docmd("MAIL", f"FROM:<{XAR}> SIZE={MAX_MAIL + 1}")[0]
        return [announced, offer(smtp, large)[0], offer(smtp, letter())[0]]

    async with post(tmp_path) as here:
        assert await here.mail(talk) == [552, 552, 250]


async def test_too_many_recipients_and_lines_are_refused(tmp_path: Path) -> None:
    def talk(smtp: smtplib.SMTP) -> tuple[list[int], int]:
        smtp.ehlo()
        smtp.mail(XAR)
        many = [smtp.rcpt(BUS)[0] for _ in range(MAX_RECIPIENTS + 1)]
        return many, smtp.data(b"\r\n" * 200_001)[0]

    async with post(tmp_path) as here:
        assert await here.mail(talk) == ([250] * MAX_RECIPIENTS + [452], 552)


async def test_commands_in_one_burst_are_answered_in_order_and_rubbish_ends_the_link(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        heard = await here.raw(
            "EHLO x", "DATA", f"RCPT TO:<{BUS}>", "MAIL FROM:<\xff>", "x" * 5_000, *["\x01GET /"] * 9
        )
        assert [row[:3] for row in heard if not row.startswith(GREETED)] == [
            "503",
            "503",
            "500",
            "500",
            *["500"] * 4,
            "502",
        ]
        assert await here.mail(lambda smtp: codes(smtp, letter())) == [250]


async def test_silent_peer_and_one_who_never_says_who_it_is_are_sent_away(tmp_path: Path) -> None:
    limits = Limits()
    limits.stranger_s = 0.05
    async with post(tmp_path, limits=limits) as here:
        async with await anyio.connect_tcp("127.0.0.1", here.port) as silent:
            assert [row[:3] for row in await rest(silent)] == ["220", "421"]
        limits.stranger_s, limits.silence_s = 60.0, 0.05
        said = base64.b64encode(f"\0xar\0{here.token}".encode()).decode()
        heard = await here.raw("EHLO x", f"AUTH PLAIN {said}", f"MAIL FROM:<{XAR}>", f"RCPT TO:<{BUS}>", "DATA", "half")
        assert [row[:3] for row in heard if not row.startswith("250")] == ["220", "235", "354", "421"]
        assert not here.gate.taken


async def test_peer_with_too_many_connections_is_refused_and_others_are_not_harmed(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        streams = [await anyio.connect_tcp("127.0.0.1", here.port) for _ in range(20)]
        for stream in streams:
            assert (await stream.receive()).startswith(b"220")
        assert [row[:3] for row in await here.raw()] == ["421"]
        await streams[0].aclose()
        for stream in streams[1:]:
            await stream.send(b"QUIT\r\n")
            await rest(stream)
            await stream.aclose()
        assert await here.mail(lambda smtp: codes(smtp, letter())) == [250]


async def test_peer_that_leaves_in_the_middle_of_a_mail_leaves_nothing(tmp_path: Path) -> None:
    async with post(tmp_path, **TRUSTED) as here:
        async with await anyio.connect_tcp("127.0.0.1", here.port) as stream:
            await stream.send(f"EHLO x\r\nMAIL FROM:<{XAR}>\r\nRCPT TO:<{BUS}>\r\nDATA\r\nhalf".encode())
            heard = b""
            while b"354" not in heard:
                heard += await stream.receive()
        assert await here.mail(lambda smtp: codes(smtp, letter())) == [250]
        assert len(here.gate.taken) == 1


async def test_stopping_ends_every_connection_at_once(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        stream = await anyio.connect_tcp("127.0.0.1", here.port)
        assert (await stream.receive()).startswith(b"220")
    async with stream:
        assert await rest(stream) == []


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ({"listen": "0.0.0.0:0"}, "nobody could log in"),
        ({"listen": "nowhere"}, "is no address"),
        ({"certificate": "a.pem"}, "go together"),
        ({"certificate": "a.pem", "key": "b.pem"}, "cannot be used"),
        ({"trusted": ("mail.example",)}, "is no address"),
        ({"sender": "bus\r\nBcc: x@y"}, "is no mail address"),
        ({"relay": "nowhere"}, "is no address"),
        ({"relay_user": "x"}, "go together"),
        ({"relay_user": "x", "relay_password": "no.txt"}, "cannot be read"),
        ({"relay": "mail.example:25", "relay_user": "x", "relay_password": "no.txt"}, "in clear"),
    ],
)
async def test_place_that_cannot_be_used_is_the_operators_to_mend(tmp_path: Path, at: dict[str, str], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        async with post(tmp_path, **at):
            raise AssertionError("it runs")


async def test_two_channels_with_one_address_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="two channels"):
        async with post(tmp_path, FakeGate("xar", "smtp", address=XAR), FakeGate("xbl", "smtp", address=XAR.upper())):
            raise AssertionError("it runs")
