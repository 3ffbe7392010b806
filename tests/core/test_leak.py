"""Law 6: no byte of a message or field reaches a participant outside its label; and what one may not see, one cannot
notice: it changes nothing of what one gets.

Every secret is a word of its own, and is put wherever it might slip through: ids, texts, sources, evidence, cards.
"""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import times
from tests.support.released import Office
from tests.support.secrets import FIELDS, KINDS, PEOPLE, Entry, log, mission, scripts


def allowed(script: list[Entry]) -> dict[str, frozenset[str]]:
    """For every secret word, who may ever read it."""
    words: dict[str, frozenset[str]] = {}
    for entry in script:
        if entry.kind in KINDS:
            words[entry.secret] = entry.readers
            labels = dict(entry.fields)
            everyone = frozenset(PEOPLE)
            for field in FIELDS[entry.kind]:
                words[entry.hidden(field)] = entry.readers & (labels.get(field, everyone) | {entry.by})
            words[f"zqd{entry.number}q"] = frozenset({entry.by})
            cleared = (entry.readers & (to | {entry.by}) for to in labels.values())
            words[f"zql{entry.number}q"] = frozenset[str]().union(*cleared)
            if {"vehicles.type", "vehicles[*].type"} & labels.keys():  # both mean the same field
                both = frozenset.intersection(*(to | {entry.by} for f, to in entry.fields if f.endswith("type")))
                for field in ("vehicles.type", "vehicles[*].type"):
                    words[entry.hidden(field)] = entry.readers & both
        elif entry.kind == "finding":
            everyone = frozenset(PEOPLE)
            words[f"zqs{entry.number}q"] = everyone.intersection(
                *(script[n].readers for n in (*entry.about, *entry.cites))
            )
    return words


@times(3)
@given(scripts(), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_no_secret_reaches_anybody_outside_its_label(script: list[Entry], tree: list[int]) -> None:
    office = Office(mission(tree))
    for entry in script:
        log(office, entry, script)
    for participant in PEOPLE:
        got = office.got(participant)
        for word, readers in allowed(script).items():
            assert participant in readers or word.encode() not in got, (participant, word)


@times(2)
@given(scripts(), st.lists(st.integers(0, 4), min_size=4, max_size=4), st.data())
def test_what_one_may_not_see_changes_nothing_of_what_one_gets(
    script: list[Entry], tree: list[int], data: st.DataObject
) -> None:
    removed = {data.draw(st.sampled_from([e.number for e in script if e.kind in KINDS]))}
    for entry in script:  # and everything that speaks of it
        if removed.intersection((*entry.about, *entry.cites)):
            removed.add(entry.number)
    script = [e for e in script if e.kind != "alert"]  # a card that holds what one may not see is not shown whole
    with_it, without_it = Office(mission(tree)), Office(mission(tree))
    numbered = {e.number: e for e in script}
    full = [numbered.get(n, Entry(n, "")) for n in range(max(numbered) + 1)]
    for entry in script:
        log(with_it, entry, full)
        if entry.number not in removed:
            log(without_it, entry, full)
    gone = [numbered[n] for n in removed if n in numbered]
    concerned = {p for e in gone for p in (*e.readers, *e.told)}
    issuers = {numbered[n].by for e in gone if e.kind == "acknowledgement" for n in e.about if n in numbered}
    concerned |= issuers.union(*(mission(tree).superiors(p) for p in issuers))  # whose orders were acknowledged
    for participant in set(PEOPLE) - concerned:
        assert with_it.got(participant) == without_it.got(participant)
