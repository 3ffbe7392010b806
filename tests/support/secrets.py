"""Logs full of secrets: every secret is a word of its own, put wherever it might slip through."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from hypothesis import strategies as st

from coordinator.core.mission import Mission, Participant, Release, Withheld
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, Action, ReadBack
from schemas.alerts import Alert
from schemas.base import Message
from schemas.directives import Directive, OrderChange, Vehicles
from schemas.envelope import Addressee, Envelope, LangText, Reference, Source, Unmapped, Warning
from schemas.findings import Evidence, Option, Party
from schemas.label import Label
from schemas.notices import MovementNotice
from schemas.operations import Presence
from schemas.reports import Section, SituationReport, TextMessage
from schemas.time import TimeWindow
from tests.support.released import Office, make_card, make_finding

PEOPLE = ("pa", "pb", "pc", "pd", "pe")
KINDS = ("directive", "movement", "sitrep", "message")
FIELDS: dict[str, tuple[str, ...]] = {
    "directive": ("strength", "windows", "vehicles[*].type", "vehicles.type"),
    "movement": ("organisation", "windows", "cargo"),
    "sitrep": ("sections[0].text",),
    "message": ("room",),
}


class Entry(NamedTuple):
    """One message of the log. ``about`` are the records that it speaks of, by number."""

    number: int
    kind: str
    by: str = "pa"
    label: frozenset[str] | None = None
    to: tuple[str, ...] = ()
    fields: tuple[tuple[str, frozenset[str]], ...] = ()
    about: tuple[int, ...] = ()
    cites: tuple[int, ...] = ()
    told: tuple[str, ...] = ()
    state: str = ""

    @property
    def secret(self) -> str:
        """The word that stands for the message."""
        return f"zqm{self.number}q"

    @property
    def readers(self) -> frozenset[str]:
        """Whom a record is for: by its label, or by the mission the addressees; its originator in any case."""
        return (frozenset(self.to) if self.label is None else self.label) | {self.by}

    def hidden(self, field: str) -> str:
        """The word that stands for a field."""
        return f"zqf{self.number}x{FIELDS[self.kind].index(field)}q"


people = st.sampled_from(PEOPLE)
groups = st.frozensets(people)


@st.composite
def scripts(draw: st.DrawFn) -> list[Entry]:
    """A log: records first and in between, then what speaks of them."""
    script: list[Entry] = []
    for number in range(draw(st.integers(2, 14))):
        records = [e for e in script if e.kind in KINDS]
        kind = draw(
            st.sampled_from((*KINDS, "directive", "finding", "finding", "alert", "acknowledgement", "presence"))
        )
        entry = Entry(number, kind, by=draw(people), told=tuple(sorted(draw(groups))))
        if kind in KINDS or not records:
            script.append(draw(_record(entry._replace(kind=kind if kind in KINDS else "directive"), records)))
        elif kind == "presence":
            script.append(entry._replace(state=draw(st.sampled_from(("lost", "regained")))))
        else:
            picked = draw(st.lists(st.sampled_from(records), min_size=1, max_size=3, unique=True))
            cites = draw(st.lists(st.sampled_from(records), max_size=1)) if kind == "finding" else []
            state = draw(st.sampled_from(("open", "resolved-if-acknowledged", "closed")))
            about, cited = tuple(e.number for e in picked), tuple(e.number for e in cites)
            by = draw(st.sampled_from(sorted(picked[0].readers)))
            script.append(entry._replace(about=about, cites=cited, state=state, by=by))
    return script


@st.composite
def _record(draw: st.DrawFn, entry: Entry, before: list[Entry]) -> Entry:
    label = draw(st.none() | groups)
    fields = draw(
        st.lists(st.tuples(st.sampled_from(FIELDS[entry.kind]), groups), max_size=2, unique_by=lambda f: f[0])
    )
    entry = entry._replace(label=label, to=tuple(sorted(draw(groups))), fields=tuple(fields))
    orders = [e for e in before if e.kind == "directive" and e.readers >= entry.readers]
    if entry.kind == "directive" and orders and draw(st.booleans()):
        return entry._replace(about=(draw(st.sampled_from(orders)).number,))
    return entry


# -- what is logged ---------------------------------------------------------------------------------------------------


def mission(tree: list[int]) -> Mission:
    """A mission with any chain of command, where silence means the addressees."""
    superiors = ["", *(PEOPLE[s % (i + 1)] if s else "" for i, s in enumerate(tree))]
    return Mission(
        name="m",
        participants=tuple(Participant(id=p, superior=s) for p, s in zip(PEOPLE, superiors, strict=True)),
        release=tuple(Release(kind=k, to="addressees") for k in KINDS),
        withheld=(Withheld(field="movement.drivers", to="originator"),),
    )


def window(entry: Entry) -> TimeWindow:
    return TimeWindow(start_earliest=1, end_latest=2, trigger=entry.hidden("windows"))


def body(entry: Entry, script: list[Entry]) -> Message:
    """A body with every secret in it, at its place and in the free text."""
    secrets = " ".join(entry.hidden(f) for f in FIELDS[entry.kind])
    match entry.kind:
        case "directive":
            types = (Vehicles(type=f"{entry.hidden('vehicles[*].type')} {entry.hidden('vehicles.type')}"),)
            order = tuple(OrderChange(order=Reference(id=script[n].secret)) for n in entry.about)
            return Directive(
                directive_kind="frago", task=f"{entry.secret} {secrets}", windows=(window(entry),), vehicles=types,
                amends=order, constraints=secrets,
            )  # fmt: skip
        case "movement":
            return MovementNotice(
                movement_kind="convoy", organisation=entry.hidden("organisation"), cargo=entry.hidden("cargo"),
                purpose=secrets, windows=(window(entry),), drivers=f"zqd{entry.number}q",
            )  # fmt: skip
        case "sitrep":
            return SituationReport(period=TimeWindow(), sections=(Section(text=secrets),), report_no=entry.secret)
    return TextMessage(text=f"{entry.secret} {secrets}", room=entry.hidden("room"))


def envelope(entry: Entry, script: list[Entry]) -> Envelope:
    """A record; the words of its closed fields stand everywhere that may repeat them."""
    secrets = " ".join(entry.hidden(f) for f in FIELDS[entry.kind])
    return registry.pack(
        body(entry, script), id=entry.secret, originator=entry.by,
        addressees=tuple(Addressee(to=p) for p in entry.to),
        label=Label(releasable_to=None if entry.label is None else tuple(sorted(entry.label)), raw=secrets),
        field_labels={f: Label(releasable_to=tuple(sorted(to)), raw=f"zql{entry.number}q") for f, to in entry.fields},
        summary=secrets, texts=(LangText(text=secrets),), source=Source(locator=secrets),
        unmapped=(Unmapped(path=secrets, value=secrets),), warnings=(Warning(code="c", path="p", text=secrets),),
        references=(Reference(id="r", note=secrets),),
    )  # fmt: skip


def spoken(entry: Entry, script: list[Entry]) -> str:
    """Every word that a finding could have drawn from its parties."""
    about = [script[n] for n in (*entry.about, *entry.cites)]
    return " ".join([f"zqs{entry.number}q", *(e.secret for e in about), *(w for e in about for w in _drawn(e))])


def _drawn(entry: Entry) -> Iterator[str]:
    return (entry.hidden(f) for f in FIELDS[entry.kind] if f in ("windows", "vehicles[*].type", "vehicles.type"))


def finding(entry: Entry, script: list[Entry]) -> Any:
    words = spoken(entry, script)
    parties = [
        Party(id=e.secret, kind=e.kind, issuer=e.by, what=" ".join((e.secret, *_drawn(e))),
              window=window(e) if "windows" in FIELDS[e.kind] else None)
        for e in (script[n] for n in entry.about)
    ]  # fmt: skip
    cites = tuple(f"{script[n].secret}:1" for n in entry.cites)
    evidence = Evidence(rule=words, because=(words,), missing=(words,), field=words, folded=(words,), cites=cites)
    return make_finding(
        f"f{entry.number}", *parties, told=entry.told, evidence=evidence, state=entry.state, sentence=words,
        why=words, waits_for=PEOPLE, options=(Option(option="shift", party=parties[0].id, note=words),),
    )  # fmt: skip


def card(entry: Entry, script: list[Entry]) -> Alert:
    """A card of every finding so far."""
    before = [e for e in script[: entry.number] if e.kind == "finding"]
    members = [finding(e, script) for e in before]
    words = " ".join(spoken(e, script) for e in before)
    parties = tuple(script[n].secret for e in before for n in e.about)
    return make_card(
        "k", *members, told=entry.told, rev=entry.number, why=words, fingerprint=words, headline=words, parties=parties,
        work="resolved" if entry.state == "closed" else "raised",
    )  # fmt: skip


def log(office: Office, entry: Entry, script: list[Entry]) -> None:
    """Log one entry under a name that does not depend on what else is logged."""
    name = f"{entry.number}-{f'zqs{entry.number}q' if entry.kind == 'finding' else entry.secret}"
    if entry.kind in KINDS:
        office.take(envelope(entry, script), subjects.record(entry.kind, entry.by), name=name)
        return
    message: Message
    match entry.kind:
        case "finding":
            message, subject = finding(entry, script), subjects.finding("caveat", "x")
        case "alert":
            message, subject = card(entry, script), subjects.alert("x")
        case "presence":
            message = Presence(participant=entry.by, state=entry.state, at=0)  # type: ignore[arg-type]
            subject = subjects.presence(entry.by)
        case _:
            of = script[entry.about[0]]
            words = " ".join((of.secret, *(of.hidden(f) for f in FIELDS[of.kind])))
            cleared = all(entry.by in to | {of.by} for _, to in of.fields)
            read_back = ReadBack(text=words if cleared and not of.fields else of.secret)
            message = Acknowledgement(of=Reference(id=of.secret), step="wilco", read_back=read_back)
            subject = subjects.record("acknowledgement", entry.by)
    office.take(registry.pack(message, id=f"e{entry.number}", originator=entry.by), subject, name=name)
    if entry.kind == "alert":
        action = Action(alert="k", verb="note", seen_rev=1, note=f"zqn{entry.number}q")
        office.take(
            registry.pack(action, id=f"a{entry.number}", originator=entry.by), subjects.record("action", entry.by)
        )
