"""The laws of deconfliction that several tests put to several worlds: design §7, laws 3, 4, 5, 9."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coordinator.core.deconfliction import check, explain
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Mission
from coordinator.texts import say
from schemas.envelope import Envelope
from schemas.findings import Finding
from tests.support.brute import everything
from tests.support.v1 import MISSION
from tests.support.worlds import LATE, fold, found, renamed

SWAP: Final = {
    "xar-batt": "xbl-batt", "xbl-batt": "xar-batt", "sn-hq": "sc-hq", "sc-hq": "sn-hq", "XAR": "XBL", "XBL": "XAR",
}  # fmt: skip
"""Two nations and two sectors that change places."""


def order_does_not_matter(world: list[Envelope], data: Any, mission: Mission = MISSION) -> None:
    """Law 3: any order of arrival, some of it twice, ends in the same findings."""
    shuffled = data.draw(st.permutations([*world, *data.draw(st.lists(st.sampled_from(world), max_size=3))]))
    assert found(shuffled, mission=mission) == found(world, mission=mission)


def nations_do_not_matter(
    world: list[Envelope], mission: Mission = MISSION, names: dict[str, str] = SWAP, ways_out: int = 0
) -> None:
    """Law 4: with other names for nations and units, the findings and their ways out are the same, renamed."""
    here = [renamed(f, names) for f in check(world, mission, LATE, ways_out=ways_out)]
    there = check([renamed(e, names) for e in world], renamed(mission, names), LATE, ways_out=ways_out)
    assert sorted(map(blind, here)) == sorted(map(blind, there))


def plain(value: Any) -> Any:
    """Return a struct as dicts and lists."""
    return msgspec.json.decode(msgspec.json.encode(value))


def blind(f: Finding) -> str:
    """Return what a finding says, apart from its id and from which party comes first."""
    said = plain(f) | {"id": ""}
    for party in said["parties"]:
        party["units"] = sorted(party.get("units", ()))
    for listed in ("told", "waits_for", "parties", "options", "only"):
        said[listed] = sorted(said.get(listed, ()), key=repr)
    evidence = said.get("evidence", {})
    lists = {listed: sorted(evidence.get(listed, ())) for listed in IN_ORDER}
    said["evidence"] = evidence | {"relation": ""} | lists
    return repr(sorted(said.items()))


IN_ORDER: Final = ("missing", "actions", "units", "chains", "demands", "frequencies_mhz", "cites")
"""Evidence in the order of the parties, or of names."""


def index_is_complete(world: list[Envelope], mission: Mission = MISSION) -> None:
    """Law 5: what the index proposes is enough."""
    engine = fold(world, mission=mission)
    assert {f.id: f for f in engine.findings()} == everything(engine._ledger, Setting(mission), LATE)


def sentences_can_be_recomputed(world: list[Envelope], mission: Mission = MISSION) -> None:
    """Law 9: every number of a sentence is in its finding, and no sentence decides."""
    for f in found(world, mission=mission):
        recomputed(f)


def recomputed(f: Finding) -> str:
    """Return the sentences of one finding, made from its bytes alone, if law 9 holds for them."""
    again = msgspec.json.decode(msgspec.json.encode(f), type=Finding)
    text = explain.sentence(again, say)
    assert explain.recompute(f, text, say), text
    for word in ("approved", "cleared", "give way", "must"):
        assert word not in text
    return text


def caught(law: Callable[..., None], *strategies: st.SearchStrategy[Any]) -> bool:
    """Say whether a law fails for some example; the first is enough."""
    chosen = settings(
        max_examples=400, derandomize=True, phases=[Phase.generate], database=None, report_multiple_bugs=False
    )

    @chosen
    @given(st.tuples(*strategies))
    def run(drawn: tuple[Any, ...]) -> None:
        law(*drawn)

    try:
        run()
    except (AssertionError, ExceptionGroup):
        return True
    return False
