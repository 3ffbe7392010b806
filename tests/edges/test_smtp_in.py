"""Mail in, over real sockets with the standard library's client: who may send, and what is answered."""

import base64
import io
import shutil
import smtplib
import ssl
import subprocess
from functools import partial
from pathlib import Path

import anyio
import openpyxl
import pytest
from structlog.testing import capture_logs

from coordinator.edges import tokens
from coordinator.edges.smtp import letters
from coordinator.errors import Disconnected
from tests.support.gates import ACCEPTED, LATER, REFUSED, FakeGate
from tests.support.mails import BUS, NOW, SITREP, XAR, codes, letter, offer, post, rest

TRUSTED = {"trusted": ("127.0.0.1",)}
GREETED = ("220", "250-", "250 ")


def workbook() -> bytes:
    """Return an XLSX file."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Unit", "Strength"])
    book.save(file)
    return file.getvalue()


# -- a report by mail -------------------------------------------------------------------------------------------------


async def test_sitrep_with_a_workbook_becomes_two_inputs_and_one_answer(tmp_path: Path) -> None:
    mail, file = letter(), workbook()
    mail.add_attachment(file, maintype="application", subtype="octet-stream", filename="strength.xlsx")
    async with post(tmp_path) as here:
        here.gate.answers = [ACCEPTED, REFUSED]
        assert await here.mail(lambda smtp: smtp.send_message(mail)) == {}
        assert [(t.name, t.data) for t in here.gate.taken] == [
            ("<1@xar.example>/1/body.txt", SITREP.encode()),
            ("<1@xar.example>/2/strength.xlsx", file),
        ]
        [answer] = await here.relay.until(1)
        assert here.relay.envelopes[0].rcpt_tos == [XAR]
    assert (answer["From"], answer["To"], answer["Auto-Submitted"]) == (BUS, XAR, "auto-replied")
    assert answer["Subject"] == "REFUSED 1 of 2: Re: SITREP 14"
    assert answer["In-Reply-To"] == answer["References"] == "<1@xar.example>"
    text = answer.get_content()
    assert text.index(ACCEPTED.text) < text.index("2. strength.xlsx") < text.index(REFUSED.text)


async def test_dots_and_long_lines_arrive_as_they_were_sent(tmp_path: Path) -> None:
    body = b".\r\n..x\r\n" + b"y" * 20_000 + b"\r\nend\r\n"
    async with post(tmp_path) as here:
        assert await here.mail(lambda smtp: codes(smtp, b"Subject: dots\r\n\r\n" + body)) == [250]
        assert here.gate.taken[0].data == body.replace(b"\r\n", b"\n")


async def test_no_mail_is_smuggled_in_behind_a_bare_line_end(tmp_path: Path) -> None:
    hidden = f"Subject: x\r\n\r\na\n.\r\nMAIL FROM:<{XAR}>\r\nb\r\n.\n\r\n.\r\n"

    def talk(smtp: smtplib.SMTP) -> tuple[int, int]:
        smtp.mail(XAR)
        smtp.rcpt(BUS)
        smtp.docmd("DATA")
        smtp.send(hidden)
        return smtp.getreply()[0], smtp.noop()[0]

    async with post(tmp_path) as here:
        assert await here.mail(talk) == (250, 250)
        assert [t.data for t in here.gate.taken] == [f"a\n.\nMAIL FROM:<{XAR}>\nb\n".encode()]


async def test_mail_that_was_not_kept_is_refused_for_now_and_taken_as_the_same_later(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        here.gate.answers = [Disconnected("no connection")]
        code, text = await here.mail(lambda smtp: offer(smtp, letter()))
        assert (code, "no connection" in text) == (451, True)
        assert not here.relay.asked
        assert await here.mail(lambda smtp: codes(smtp, letter())) == [250]
        assert here.gate.taken[0] == here.gate.taken[1]


async def test_mail_whose_parts_are_all_refused_is_taken_and_answered(tmp_path: Path) -> None:
    mail = letter("Dear all,\nsee attachment\n")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="sitrep.pdf")
    async with post(tmp_path) as here:
        code, text = await here.mail(lambda smtp: offer(smtp, mail))
        assert (code, text[:31]) == (250, "2.0.0 0 of 1 parts kept, 1 refu")
        [answer] = await here.relay.until(1)
        assert not here.gate.taken
    assert answer["Subject"] == "REFUSED: Re: SITREP 14"
    assert "keep it, but the bus carries no PDF yet" in answer.get_content()
    assert "taken for a covering note" in answer.get_content()


async def test_answer_that_comes_later_is_said_to_come_later(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        here.gate.answers = [LATER]
        await here.mail(lambda smtp: codes(smtp, letter(Subject="Re: RE: x")))
        assert (await here.relay.until(1))[0]["Subject"] == "kept: Re: x"


async def test_answer_waits_for_the_relay_through_a_restart(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        here.relay.replies["DATA"] = ["451 later"]
        await here.mail(lambda smtp: codes(smtp, letter()))
        await here.relay.when(lambda: here.relay.asked == 3)
        assert not here.relay.envelopes
    async with post(tmp_path) as again:
        await again.relay.until(1)
        await again.mail(lambda smtp: codes(smtp, letter("B", Message_ID="<2@x>", Subject="next")))
        mails = await again.relay.until(2)
        assert [mail["Subject"] for mail in mails] == ["accepted: Re: SITREP 14", "accepted: Re: next"]


async def test_answer_the_relay_never_takes_is_given_up_and_logged(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        here.relay.replies["RCPT"] = ["550 no such user"]
        with capture_logs() as logged:
            await here.mail(lambda smtp: codes(smtp, letter()))
            await here.mail(lambda smtp: codes(smtp, letter("B", Message_ID="<2@x>")))
            await here.relay.until(1)
    [lost] = [entry for entry in logged if entry["event"] == "answer not delivered"]
    assert "550 no such user" in lost["why"]
    assert XAR not in str(logged)


async def test_mails_that_wrongly_share_a_message_id_are_both_inputs_and_both_answered(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        assert (
            await here.mail(lambda smtp: codes(smtp, letter("A. 1\n"), letter("A. 2\n"), letter("A. 2\n"))) == [250] * 3
        )
        ids = [str(mail["Message-ID"]) for mail in await here.relay.until(2)]
        assert len(set(ids)) == 2
        assert len({(t.name, t.data) for t in here.gate.taken}) == 2


# -- who may send -----------------------------------------------------------------------------------------------------


async def test_stranger_is_sent_away_before_anything_is_read(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        code, text = await here.mail(lambda smtp: offer(smtp, letter()), login=False)
        assert (code, "log in first" in text) == (530, True)
        assert not here.gate.taken


@pytest.mark.parametrize(
    ("user", "password", "code"),
    [
        ("xar", "", 235),
        (XAR.upper(), "", 235),
        ("xar", "wrong", 535),
        ("xbl", "", 535),
        ("x\xff", "", 535),
        ("", "", 535),
    ],
)
async def test_login_needs_the_participants_own_token(tmp_path: Path, user: str, password: str, code: int) -> None:
    async with post(tmp_path) as here:
        said = base64.b64encode(f"\0{user}\0{password or here.token}".encode()).decode()
        heard = await here.raw("EHLO x", f"AUTH PLAIN {said}", "QUIT")
        assert [row[:3] for row in heard if not row.startswith(GREETED)] == [str(code), "221"]


async def test_login_works_in_each_way_that_is_offered(tmp_path: Path) -> None:
    def talk(way: str, smtp: smtplib.SMTP) -> int:
        smtp.user, smtp.password = "xar", tokens.token(tmp_path, "xar")
        smtp.ehlo()
        return smtp.auth(way, getattr(smtp, f"auth_{way.lower()}"))[0]

    async with post(tmp_path) as here:
        for way in ("PLAIN", "LOGIN"):
            assert await here.mail(partial(talk, way), login=False) == 235


async def test_token_of_one_participant_is_not_that_of_another(tmp_path: Path) -> None:
    other = FakeGate("xbl", "smtp", address="ops@xbl.example")
    async with post(tmp_path, FakeGate("xar", "smtp", address=XAR), other) as here:

        def login(user: str, token: str) -> None:
            with smtplib.SMTP("127.0.0.1", here.port, timeout=5) as smtp:
                smtp.login(user, token)
                smtp.sendmail(XAR, BUS, bytes(letter()))

        with pytest.raises(smtplib.SMTPAuthenticationError):
            await anyio.to_thread.run_sync(login, "xbl", here.token)
        await anyio.to_thread.run_sync(login, "xbl", tokens.token(tmp_path, "xbl"))
        assert (len(other.taken), len(here.gate.taken)) == (1, 0)  # whoever it says it is from
        assert here.relay.envelopes == [] or here.relay.envelopes[0].rcpt_tos == ["ops@xbl.example"]


async def test_hosts_own_mail_server_is_believed_who_sent_a_mail(tmp_path: Path) -> None:
    async with post(tmp_path, **TRUSTED) as here:
        assert (await here.mail(lambda smtp: offer(smtp, letter(), XAR.upper()), login=False))[0] == 250
        code, text = await here.mail(lambda smtp: offer(smtp, letter(), "spy@xar.example"), login=False)
        assert (code, "no participant" in text) == (550, True)
        assert len(here.gate.taken) == 1


async def test_mail_for_somebody_else_is_not_relayed(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        code, text = await here.mail(lambda smtp: offer(smtp, letter(), to="friend@example.org"))
        assert (code, BUS in text) == (550, True)


async def test_login_crosses_a_network_encrypted_only(tmp_path: Path) -> None:
    if not (openssl := shutil.which("openssl")):
        pytest.skip("the openssl program makes the certificate")
    subprocess.run(  # noqa: ASYNC221 - before anything runs
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))

    def talk(smtp: smtplib.SMTP) -> list[int]:
        smtp.starttls(context=context)
        smtp.login("xar", tokens.token(tmp_path, "xar"))
        return codes(smtp, letter(), letter("again", Message_ID="<2@x>"))

    async with post(tmp_path, certificate="cert.pem", key="key.pem") as here:
        assert await here.mail(talk, login=False) == [250, 250]
        assert len(here.gate.taken) == 2
        async with await anyio.connect_tcp("127.0.0.1", here.port) as junk:
            await junk.send(b"EHLO x\r\nSTARTTLS\r\n")
            heard = b""
            while b"220 Ready" not in heard:
                heard += await junk.receive()
            await junk.send(b"this is no handshake\r\n")
            await rest(junk)
        assert await here.mail(talk, login=False) == [250, 250]


async def test_another_host_is_offered_no_login_without_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coordinator.edges.smtp.sessions.ip", lambda _: None)  # as from a host that is not this one
    async with post(tmp_path) as here:
        heard = await here.raw("EHLO x", "AUTH PLAIN eA==", "QUIT")
        assert not any("AUTH" in row for row in heard)
        assert [row[:3] for row in heard if not row.startswith(GREETED)] == ["538", "221"]


# -- no mail for ever -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "inputs"),
    [
        ({"Auto_Submitted": "auto-generated"}, 1),
        ({"List_Id": "<ops.xar.example>"}, 1),
        ({"Auto_Submitted": "auto-replied"}, 0),
        ({"Message_ID": letters.message_id("to", "m1", BUS)}, 0),
    ],
)
async def test_what_a_program_wrote_is_never_answered(tmp_path: Path, headers: dict[str, str], inputs: int) -> None:
    async with post(tmp_path) as here:
        code, text = await here.mail(lambda smtp: offer(smtp, letter(**headers)))
        assert (code, "answer comes as a mail" in text) == (250, False)
        assert len(here.gate.taken) == inputs
        await here.mail(lambda smtp: codes(smtp, letter("B", Message_ID="<2@x>", Subject="a person's")))
        assert [mail["Subject"] for mail in await here.relay.until(1)] == ["accepted: Re: a person's"]


async def test_bounce_of_our_own_mail_is_logged_and_not_an_input(tmp_path: Path) -> None:
    ours = letters.message_id("to", "m1", BUS)
    bounce = letter(f"Your mail could not be delivered.\n\nMessage-ID: {ours}\n", From="MAILER-DAEMON@host")
    async with post(tmp_path, **TRUSTED) as here:
        with capture_logs() as logged:
            assert (await here.mail(lambda smtp: offer(smtp, bounce, ""), login=False))[0] == 250
        assert not here.gate.taken
        assert [entry["about"] for entry in logged if entry["event"] == "mail left out"] == [ours]
        assert not here.relay.asked


async def test_sender_gets_so_many_answers_an_hour_and_its_reports_are_taken_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coordinator.edges.smtp.mail_in.ANSWERS_AN_HOUR", 2)
    async with post(tmp_path) as here:
        mails = [letter(str(n), Message_ID=f"<{n}@x>") for n in range(4)]
        said = await here.mail(lambda smtp: [offer(smtp, mail)[1] for mail in mails[:3]])
        await here.clock.advance(NOW + 3_600_000_000)
        said += await here.mail(lambda smtp: [offer(smtp, mails[3])[1]])
        assert ["answer comes" in text for text in said] == [True, True, False, True]
        assert len(here.gate.taken) == len(mails)
