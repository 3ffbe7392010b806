"""A card of very many findings as its readers know it: each by what concerns it, nobody by what does not."""

from schemas.alerts import Alert
from schemas.findings import Finding, Party
from tests.support.desk import MINUTE, Desk, make_finding, z
from tests.support.released import Office

MANY, FEW = 40, 3


def named(kind: str, i: int) -> Finding:
    """A finding of the crowd: most concern the north, some OCHA and the centre."""
    first, second = ("sn-hq", "xar-batt") if kind == "north" else ("ocha-cmc", "sc-hq")
    return make_finding(
        f"{kind}-{i:02}",
        parties=(Party(id=f"{kind}-a{i}", issuer=first), Party(id=f"{kind}-b{i}", issuer=second)),
        severity="HIGH" if kind == "north" else "MEDIUM",
        told=(first, second, "fhq-u3"),
    )


def shown() -> tuple[Office, Desk]:
    """The crowd, logged, carded and released."""
    office, desk = Office(), Desk()
    findings = [named("north", i) for i in range(MANY)] + [named("ocha", i) for i in range(FEW)]
    for finding in findings:
        office.find(finding)
        desk.finding("140405", finding)
    desk.until(z("140405") + MINUTE)
    for alert in desk.published:
        office.alert(alert)
    return office, desk


def card_of(office: Office, reader: str, card: Alert) -> Alert:
    item = office.on_board(reader, "alert", card.id)
    assert item is not None
    body = item.body
    assert isinstance(body, Alert)
    return body


def test_whoever_is_concerned_by_what_is_not_listed_sees_just_that() -> None:
    office, desk = shown()
    assert not any(m.finding.startswith("ocha") for m in desk.card.members)
    card = card_of(office, "ocha-cmc", desk.card)
    assert [m.finding for m in card.members] == ["ocha-00", "ocha-01", "ocha-02"]
    assert (card.rest, card.severity) == (None, "Moderate")


def test_nobody_learns_how_many_others_there_are() -> None:
    office, _ = shown()
    got = office.got("ocha-cmc")
    assert b"north" not in got
    assert b'"joined"' not in got
    assert b'"count"' not in got
    assert b"xar-batt" not in got


def test_whoever_knows_very_many_sees_the_worst_and_the_exact_number_of_the_others() -> None:
    office, desk = shown()
    assert desk.card.rest is not None
    card = card_of(office, "fhq-u3", desk.card)
    assert card.rest == desk.card.rest
    assert card.members != ()
    assert [m.finding for m in card.members] == [m.finding for m in desk.card.members]
    assert card.headline.endswith(f"{MANY + FEW} findings, the worst are listed")
    assert (card.joined, card.left) == ((), ())


def test_a_restart_of_release_forgets_nobody_of_a_crowd() -> None:
    office, desk = shown()
    state = office.core.snapshot()
    again = Office()
    again.core.restore(state)
    again.seq, again.now = office.seq, office.now
    told = desk.finding("140410", make_finding("north-99", severity="CRITICAL", told=("sn-hq",)))
    for reader in (office, again):
        for alert in told:
            reader.alert(alert)
    for who in ("ocha-cmc", "fhq-u3"):
        assert card_of(again, who, desk.card) == card_of(office, who, desk.card)
