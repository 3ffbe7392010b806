"""Mails taken apart: bodies, attachments, what is left out, and mails that mean no good."""

import re
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator import texts
from coordinator.edges.smtp import cuts, letters
from coordinator.edges.smtp.body import flowed, of_html
from coordinator.edges.smtp.parts import MAX_PARTS, Mail, Unusable, apart

OWN = letters.own("bus@mission.example")
SITREP = "UNMO SITREP\nA. 140400Z MAR 27\nB. NOTHING TO REPORT\n"
XLSX = b"PK\x03\x04\0\0 a workbook"


def mail(text: str = SITREP, **headers: str) -> EmailMessage:
    """Return a mail of one participant; underscores in header names stand for hyphens."""
    written = EmailMessage()
    for name, value in {"From": "ops@xar.example", "Subject": "SITREP 14", "Message_ID": "<1@xar>", **headers}.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written


def attach(to: EmailMessage, name: str, data: bytes, media: str = "application/octet-stream") -> EmailMessage:
    """Attach a file to a mail."""
    main, _, sub = media.partition("/")
    to.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return to


def taken(written: EmailMessage | bytes) -> Mail:
    """Take a mail apart."""
    return apart(written if isinstance(written, bytes) else written.as_bytes(), OWN)


def raw(headers: str, body: bytes) -> bytes:
    """Return a mail as bytes."""
    return headers.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body


def inputs(found: Mail) -> dict[str, bytes]:
    """Return what becomes an input, by its name."""
    return {found.name(part): part.data for part in found.parts if part.refusal is None}


def refusals(found: Mail) -> dict[str, str]:
    """Return what does not, by file, with the text that says why."""
    return {part.file: part.refusal.key for part in found.parts if part.refusal is not None}


def notes(found: Mail) -> list[str]:
    """Return the texts about what was left out."""
    return [note.key for note in found.notes]


def test_body_and_attachments_are_one_input_each_named_after_the_mail() -> None:
    found = taken(attach(mail(), "strength.xlsx", XLSX))
    assert inputs(found) == {"<1@xar>/1/body.txt": SITREP.encode(), "<1@xar>/2/strength.xlsx": XLSX}
    assert (found.subject, found.kind, found.notes) == ("SITREP 14", "report", ())


@pytest.mark.parametrize("headers", [{"Message_ID": "not an id"}, {"Message_ID": "<a b@c>"}, {"Message_ID": ""}])
def test_mail_without_a_usable_id_is_named_after_what_it_says_however_it_travelled(headers: dict[str, str]) -> None:
    once, again = taken(mail(**headers)), taken(mail(**headers, Received="from elsewhere"))
    assert once.id == again.id
    assert once.id.startswith("sha256:")
    assert once.id != taken(mail("something else\n", **headers)).id
    assert once.message_id == ""


def test_name_of_an_input_is_never_longer_than_the_bus_keeps() -> None:
    long = attach(mail(Message_ID=f"<{'1' * 200}@x>"), "f" * 300 + ".csv", b"a")
    found = taken(long)
    assert found.message_id == f"<{'1' * 200}@x>"  # the answer still finds its thread
    assert max(map(len, inputs(found))) <= 200


def test_mail_with_two_ids_is_named_after_what_it_says() -> None:
    assert taken(raw("Message-ID: <a@b>\nMessage-ID: <c@d>", b"hi")).id.startswith("sha256:")


@pytest.mark.parametrize(
    ("charset", "encoding", "data", "text", "note"),
    [
        ("koi8-r", "8bit", "ПОСТ 7".encode("koi8-r"), "ПОСТ 7", []),
        ("windows-1256", "base64", b"1eHHzQ==", "صلاح", []),
        ("iso-8859-1", "quoted-printable", b"v=E9hicule=\r\n s", "véhicule s", []),
        ("utf-16", "base64", b"//5BAA==", "A", []),
        ("us-ascii", "8bit", "véhicule".encode(), "véhicule", ["mail-charset"]),
        ("us-ascii", "8bit", b"v\xe9hicule", "véhicule", ["mail-charset-replaced"]),
        ("x-nobody", "8bit", b"v\xe9hicule", "véhicule", ["mail-charset-replaced"]),
        ("utf-8", "8bit", b"v\xe9hicule", "v\ufffdhicule", ["mail-charset-replaced"]),
        ("punycode", "7bit", b"a-b", "a-b", ["mail-charset"]),
        ("bz2", "7bit", b"plain", "plain", ["mail-charset"]),
    ],
)
def test_body_is_read_by_its_charset_or_the_answer_says_so(
    charset: str, encoding: str, data: bytes, text: str, note: list[str]
) -> None:
    found = taken(raw(f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}", data))
    assert (found.parts[0].data.decode(), notes(found)) == (text + "\n", note)


@pytest.mark.parametrize(
    ("text", "kept", "note", "first"),
    [
        (SITREP + "-- \nCapt A\nOps\n", SITREP, "mail-cut-signature", "Capt A"),
        (
            SITREP + "\n-----Original Message-----\nFrom: x\nold\n",
            SITREP,
            "mail-cut-original",
            "-----Original Message-----",
        ),
        (SITREP + "----- Исходное сообщение -----\nold", SITREP, "mail-cut-original", "----- Исходное сообщение -----"),
        (SITREP + "_" * 32 + "\nFrom: x\nSent: y\n", SITREP, "mail-cut-original", "From: x"),
        (SITREP + "_" * 47 + "\nops mailing list\nhttp://x\n", SITREP, "mail-cut-list", "ops mailing list"),
        (SITREP + "Sent from my phone\n", SITREP, "mail-cut-device", "Sent from my phone"),
        ("On Monday HQ wrote:\n> send it\n>\n>> now\n\n" + SITREP, SITREP, "mail-cut-quote", "On Monday HQ wrote:"),
        ("Le 14 mars, QG a écrit :\n\n> envoyez\n" + SITREP, SITREP, "mail-cut-quote", "Le 14 mars, QG a écrit :"),
    ],
)
def test_what_the_mail_program_added_is_cut_and_named(text: str, kept: str, note: str, first: str) -> None:
    left, said = cuts.cut(text)
    assert left.strip() == kept.strip()
    assert [(n.key, n.args["first"]) for n in said] == [(note, first)]


@pytest.mark.parametrize(
    "text", ["VEH\n>50 seen\n", "--\nA. 1\n", "______\nFrom: x\n", "we wrote:\nA. 1\n", "-----\nA\n"]
)
def test_lines_of_a_report_that_look_alike_stay(text: str) -> None:
    assert cuts.cut(text) == (text.strip("\n"), ())


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\n\nplease find attached our SITREP.\n\nKind regards\nCapt A. Baker\nOps Officer\n",
        "SITREP 14 is attached.",
        "Bonjour,\nVeuillez trouver ci-joint le rapport.\nCordialement",
        "Sir,\nsee attachment\nv/r\nMaj Ito",
        "请见附件",
    ],
)
def test_covering_note_is_no_input_but_is_named(text: str) -> None:
    found = taken(attach(mail(text), "s.xlsx", XLSX))
    assert list(inputs(found)) == ["<1@xar>/2/s.xlsx"]
    assert notes(found) == ["mail-covering-note"]


@pytest.mark.parametrize(
    "text",
    [
        "PATROL UNDER FIRE AT THE BRIDGE",
        "Dear all,\nPATROL UNDER FIRE",
        "All vehicles destroyed",
        "Attached: PATROL UNDER FIRE",
        "METHANE/M/ attached",
        SITREP + "Details attached.",
    ],
)
def test_report_beside_an_attachment_is_never_taken_for_a_covering_note(text: str) -> None:
    found = taken(attach(mail(text), "s.xlsx", XLSX))
    assert len(inputs(found)) == 2


def test_greeting_alone_is_offered_to_the_bus_which_says_what_is_wrong_with_it() -> None:
    assert inputs(taken(mail("Dear all\n"))) == {"<1@xar>/1/body.txt": b"Dear all\n"}
    assert inputs(taken(mail("\n"))) == {"<1@xar>/1/body.txt": b""}


def test_page_becomes_lines_without_its_looks() -> None:
    page = (
        "<html><head><style>p {}</style><title>x</title></head><body><!--[if mso]><p>no</p><![endif]-->"
        '<p title="a > b">UNMO&nbsp;SITREP</p><div>A. 14 &lt; 15<br>B. x\n y</div>'
        "<table><tr><td>Unit</td><td>12</td></tr></table><pre>C.\nD.</pre><script>evil()</script>"
        "<blockquote>older</blockquote></body></html>"
    )
    rows = [row for row in of_html(page).replace("\xa0", " ").split("\n") if row]
    assert rows == ["UNMO SITREP", "A. 14 < 15", "B. x y", "Unit 12", "C.", "D.", "> older"]


def test_of_plain_text_and_a_page_that_say_the_same_the_text_is_taken() -> None:
    both = mail()
    both.add_alternative("<p>UNMO SITREP</p>", subtype="html")
    assert inputs(taken(both)) == {"<1@xar>/1/body.txt": SITREP.encode()}
    page = mail("")
    page.add_alternative("<p>UNMO SITREP</p>", subtype="html")
    assert list(inputs(taken(page)).values()) == [b"UNMO SITREP\n"]


def test_attachment_among_alternatives_is_not_lost() -> None:
    both = mail()
    both.add_alternative("<p>x</p>", subtype="html")
    parts = both.get_payload()
    assert isinstance(parts, list)
    page = parts[1]
    assert isinstance(page, EmailMessage)
    page.make_mixed()
    page.add_attachment(XLSX, maintype="application", subtype="octet-stream", filename="s.xlsx")
    assert [name.rpartition("/")[2] for name in inputs(taken(both))] == ["body.txt", "s.xlsx"]


def test_soft_line_breaks_of_flowed_text_are_taken_out() -> None:
    assert flowed("A. one \ntwo\n >x\n-- \nsig", delete_space=False) == "A. one two\n>x\n-- \nsig"
    head = "Content-Type: text/plain; format=flowed; delsp=yes"
    assert taken(raw(head, b"km \r\n/h\r\nend")).parts[0].data == b"km/h\nend\n"


@pytest.mark.parametrize(
    ("name", "data", "media", "why"),
    [
        ("x.zip", b"PK\x03\x04\0", "application/zip", "mail-no-archive"),
        ("x.xlsx.exe", b"MZ\0", "application/octet-stream", "mail-no-program"),
        ("report.xlsx", b"MZ\x90\0", "application/octet-stream", "mail-no-program"),
        ("data", b"PK\x03\x04\0", "application/octet-stream", "mail-no-archive"),
        ("x.pdf", b"%PDF-1.7", "application/pdf", "mail-no-pdf"),
        ("x.jpg", b"\xff\xd8\xff\0", "image/jpeg", "mail-no-picture"),
        ("winmail.dat", b"\x78\x9f\x3e\x22\0", "application/ms-tnef", "mail-no-tnef"),
        ("x.ics", b"BEGIN:VCALENDAR", "text/calendar", "mail-no-calendar"),
        ("x.docx", b"PK\x03\x04\0", "application/octet-stream", "mail-no-document"),
        ("smime.p7m", b"\x30\x80", "application/pkcs7-mime", "mail-no-sealed"),
    ],
)
def test_what_the_bus_does_not_carry_is_refused_with_its_hash(name: str, data: bytes, media: str, why: str) -> None:
    found = taken(attach(mail(), name, data, media))
    assert refusals(found) == {name: why}
    said = found.parts[1].refusal
    assert said is not None
    text = texts.say(said.key, "en", **said.args)
    assert text.startswith("REFUSED")
    assert str(said.args["sha256"]) in text


@pytest.mark.parametrize(("name", "data"), [("a.kmz", b"PK\x03\x04\0"), ("a.csv", b"MZUNGU;1"), ("a.cot", b"<event/>")])
def test_what_intake_can_judge_is_left_to_intake(name: str, data: bytes) -> None:
    assert refusals(taken(attach(mail(), name, data))) == {}


def test_pictures_of_a_signature_are_named_and_nothing_else() -> None:
    page = mail()
    page.add_alternative("<p>hi<img src='cid:l'></p>", subtype="html")
    parts = page.get_payload()
    assert isinstance(parts, list)
    html = parts[1]
    assert isinstance(html, EmailMessage)
    html.add_related(b"\x89PNG\r\n\0", "image", "png", cid="<l>", filename="logo.png")
    found = taken(page)
    assert len(found.parts) == 1
    assert [(n.key, n.args) for n in found.notes] == [("mail-ignored", {"file": "logo.png"})]


def test_forwarded_mail_is_taken_apart_and_the_one_too_deep_is_refused() -> None:
    inner = attach(mail("INNER SITREP 1\n"), "i.xlsx", XLSX)
    outer = mail(SITREP)
    outer.add_attachment(inner)
    assert [name[7:] for name in inputs(taken(outer))] == ["/1/body.txt", "/3/body.txt", "/4/i.xlsx"]
    for _ in range(4):
        deeper = mail("FWD 1")
        deeper.add_attachment(outer)
        outer = deeper
    assert refusals(taken(outer)) == {"mail.eml": "mail-too-deep"}


def test_part_beyond_the_last_is_refused_and_not_forgotten() -> None:
    many = mail()
    for n in range(MAX_PARTS + 3):
        attach(many, f"{n}.csv", b"a;b")
    found = taken(many)
    assert len(inputs(found)) == MAX_PARTS
    assert set(refusals(found).values()) == {"mail-too-many"}
    assert len(found.parts) == MAX_PARTS + 4


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\x\\a.csv", "a.csv"),
        ("=?utf-8?b?w6kuY3N2?=", "é.csv"),
        ("a\u202evsc.csv", "a vsc.csv"),
        ("x" * 300 + ".csv", "x" * 56 + ".csv"),
        ("..", "part"),
        ("=?utf-8?b?!!!?=", "part"),
    ],
)
def test_file_names_are_harmless(written: str, name: str) -> None:
    found = taken(attach(mail(), written, b"a;b"))
    assert found.parts[1].file == name


def test_headers_end_no_line_and_are_read_as_people_wrote_them() -> None:
    found = taken(
        raw(
            "Subject: =?utf-8?q?a=0D=0ABcc:_x=40y?=\n =?utf-8?b?w6k=?= =?iso-8859-1?q?=E9?=\n"
            "References: <a@b> junk <c@d>",
            b"x",
        )
    )
    assert found.subject == "a Bcc: x@yéé"
    assert found.references == ("<a@b>", "<c@d>")


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "report"),
        ({"Auto_Submitted": "no"}, "report"),
        ({"Auto_Submitted": "auto-generated"}, "automatic"),
        ({"List_Id": "<ops.xar>"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"Auto_Submitted": "auto-replied; owner-email=x"}, "echo"),
        ({"From": "MAILER-DAEMON@xar.example"}, "echo"),
        ({"Message_ID": letters.message_id("to", "m1", "bus@mission.example")}, "echo"),
        ({"Message_ID": letters.message_id("to", "m1", "bus@other.example")}, "report"),
    ],
)
def test_what_a_program_wrote_is_told_from_what_a_person_wrote(headers: dict[str, str], kind: str) -> None:
    assert taken(mail(**headers)).kind == kind


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"X: " + b"a\r\n " * 40_000, "headers are longer"),
        (b"Content-Type: text/plain; " + b'a;"' * 2_000 + b"\r\n\r\nhi", "Content header"),
        ((b"Content-Type: text/plain; " + b'a;"' * 1_000 + b"\r\n") * 40, "Content header"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n" * 41 + b"\r\n", "groups of parts"),
        (b"a: b\r\n\r\n" + b"\r" * 500_000, "lines"),
    ],
)
def test_mail_that_no_program_writes_is_refused_before_it_costs_anything(data: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        taken(data)


@pytest.mark.parametrize(
    "markup", ["<", "<!", "<!--", "<a ", "</a", "&", "<script>", "<?", "<![CDATA[", '<a b="', "<p>"]
)
def test_page_of_broken_markup_ends_in_bounded_text(markup: str) -> None:
    found = taken(raw("Content-Type: text/html", (markup * 100_000)[:150_000].encode()))
    assert sum(len(part.data) for part in found.parts) <= 150_001


TYPES = (
    b"multipart/mixed; boundary=x", b"multipart/alternative; boundary=x", b"multipart/digest; boundary=x", b"image/png",
    b"multipart/report", b"message/rfc822", b"message/delivery-status", b"text/html; charset=\xff",
    b"text/plain; charset*0*=''%80; charset=x", b"text/plain; name*=a'b; name*0*=c",
)  # fmt: skip
CODES = (b"base64", b"quoted-printable", b"x-uuencode", b"8bit")
PIECES = (
    *(b"Content-Type: %s\r\n" % kind for kind in TYPES), *(b"Content-Transfer-Encoding: %s\r\n" % c for c in CODES),
    b'Content-Disposition: attachment; filename="a', b"--x\r\n", b"--x--\r\n", b"\r\n", b"\r\n\r\n", b"=?utf-8?b?",
    b"\xff\xfe", b"> x\r\n", b"From ", b"Message-ID: <a@b>\r\n", b";", b'"', b" \t", b"charset*=a'b'c\r\n", b"\0",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
def test_any_bytes_are_a_mail_or_unusable(data: bytes) -> None:
    try:
        found = taken(data)
    except Unusable:
        return
    assert found.parts or found.notes
    for part in found.parts:
        assert part.file.isprintable()
        assert not re.search(r"[/\\]", part.file)
    for note in (*found.notes, *(part.refusal for part in found.parts if part.refusal)):
        assert texts.say(note.key, "en", **note.args)


def test_every_delivery_of_a_mail_is_the_same_inputs() -> None:
    written = mail()
    for name in ("b.csv", "a.csv", "a.csv"):
        attach(written, name, b"a;b")
    found = inputs(taken(written))
    assert len(found) == 4
    assert found == inputs(taken(b"Received: from x by y; now\r\n" + written.as_bytes()))
