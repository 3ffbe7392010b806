"""The score of a vignette can fail: for what is missing, and for what nobody expected."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from coordinator import demo
from coordinator.client import Outcome
from coordinator.core.afteraction.figures import Figure, Value
from coordinator.core.afteraction.report import Line, Report
from coordinator.demo.afterwards import MINUTE, row
from coordinator.demo.score import Row, Score, evaluate
from coordinator.demo.vignette import NAMES, Expected, ExpectedValue, Script, Step, Vignette, load, moment
from schemas.alerts import Alert
from schemas.findings import Evidence, Finding, FindingState, Party
from tests.support.v1 import MISSION

EARLY, LATE = moment("140900ZMAR27"), moment("141000ZMAR27")


def vignette(**expected: Any) -> Vignette:
    steps = (Step(step=1, at="140900ZMAR27"), Step(step=2, at="141000ZMAR27"))
    expect = msgspec.convert(expected, Expected)
    return Vignette(name="v0", mission=MISSION, files={}, script=Script(title="", start="", steps=steps, expect=expect))


def finding(state: FindingState = "open", **fields: Any) -> Finding:
    given = {"told": ("sn-hq",), "evidence": Evidence(rule="CAV", authority="xbl-nse"),
             "parties": (Party(id="A"), Party(id="B"))}  # fmt: skip
    return Finding(
        id="f", finding_kind="caveat", severity="HIGH", certainty="definite", state=state, **(given | fields)
    )


WANTED = {"name": "N", "step": 1, "kind": "caveat", "severity": "HIGH", "parties": ["A", "B"], "closed": 2}


def unmet(want: Vignette, *states: tuple[int, Finding], links: Any = (), refused: Any = ()) -> list[str]:
    score = evaluate(want, {"f": list(states)} if states else {}, {}, links, refused)
    return [f"{r.check}: {r.detail}" for r in score.rows if not r.met]


FOUND, CLOSED = (EARLY, finding()), (LATE, finding("closed"))


def test_exactly_what_is_expected_is_met():
    want = vignette(
        findings=[WANTED | {"told": ["sn-hq"], "only": ["sn-hq"], "says": ["is not compatible with A"]}], open_after=2
    )
    assert unmet(want, FOUND, CLOSED) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"severity": "MEDIUM"}, "severity: expected MEDIUM, was HIGH"),
        ({"step": 2}, "found at"),
        ({"closed": 1}, "closed at"),
        ({"closed": 0}, "closed at"),
        ({"told": ["sc-hq"]}, "not told: expected [], was ['sc-hq']"),
        ({"only": ["sc-hq"]}, "told besides: expected [], was ['sn-hq']"),
        ({"says": ["CHECK FIRE"]}, "does not say: expected [], was ['CHECK FIRE']"),
    ],
)
def test_a_finding_that_differs_is_not_met(change: dict[str, Any], why: str):
    [told] = unmet(vignette(findings=[WANTED | change]), FOUND, CLOSED)
    assert why in told


def test_a_finding_that_nobody_expected_or_that_did_not_come_is_not_met():
    assert unmet(vignette(), FOUND) == ["no other finding: caveat A x B HIGH"]
    assert unmet(vignette(findings=[WANTED])) == ["N caveat A x B: found 0 times"]


def test_what_waits_must_wait_for_exactly_those():
    waits = (EARLY, finding("resolved-if-acknowledged", waits_for=("xar-batt", "xbl-batt")))
    for by, missing in (([], 0), (["xbl-batt", "xar-batt"], 0), (["xar-batt"], 1)):
        want = vignette(findings=[WANTED], waiting={"step": 1, "names": ["N"], "by": by})
        assert len(unmet(want, FOUND, waits, CLOSED)) == missing
        assert len(unmet(replace_waiting(want), FOUND, waits, CLOSED)) == missing


def replace_waiting(want: Vignette) -> Vignette:
    """Return the same with a list of one."""
    expect = replace(want.script.expect, waiting=want.script.expect.waits)
    return replace(want, script=replace(want.script, expect=expect))


def test_a_finding_must_be_acknowledged_by_its_step():
    want = vignette(findings=[WANTED], acknowledged=[{"step": 1, "name": "N"}])
    assert unmet(want, FOUND, CLOSED) == ["N is acknowledged at step 1: open"]
    assert unmet(want, FOUND, (EARLY, finding("acknowledged")), CLOSED) == []


def test_a_refusal_is_met_only_if_it_was_expected():
    refused = [(1, Outcome(name="x", input="i", accepted=False, path="reality", why="exercise traffic"))]
    want = vignette(refused=[{"step": 1, "path": "reality", "says": "exercise"}])
    assert unmet(want, refused=refused) == []
    assert unmet(want) == ["step 1 is refused: reality: it was accepted, or refused for another reason"]
    assert unmet(vignette(), refused=refused) == ["every input is accepted: step 1: reality: exercise traffic"]
    assert len(unmet(want, refused=refused * 2)) == 1


def test_secrets_stay_and_what_must_be_seen_is_seen():
    links = [SimpleNamespace(participant=p, everything=data) for p, data in (("a", b"clip text"), ("b", b"text"))]
    assert unmet(vignette(secrets=[{"text": "clip", "allowed": ["a"]}]), links=links) == []
    assert unmet(vignette(secrets=[{"text": "text", "allowed": ["a"]}]), links=links) == ["text stays with a: b"]
    assert unmet(vignette(seen=[{"text": "text", "by": ["a", "b"]}]), links=links) == []
    assert unmet(vignette(seen=[{"text": "clip", "by": ["a", "b"]}]), links=links) == ["a, b can read: clip: b"]


def test_what_is_open_at_the_end_is_not_met_unless_the_script_says_so():
    assert unmet(vignette(findings=[WANTED | {"closed": 0}]), FOUND) == []
    assert unmet(vignette(findings=[WANTED | {"closed": 0}], open_after=2), FOUND) == [
        "nothing is open after step 2: f"
    ]


def test_all_vignettes_are_played_one_after_the_other_and_one_that_fails_fails_all(monkeypatch, capsys):
    async def score(played: Vignette, **_: Any) -> Score:
        return Score(vignette=played.name, rows=(Row(check="x", met=played.name != "v2"),))

    monkeypatch.setattr(demo, "score", score)
    assert demo.run("v1", None, headless=True, as_json=True) == 0
    assert demo.run("v2", None, headless=True, as_json=True) == 1
    capsys.readouterr()
    assert demo.run("all", None, headless=True, as_json=True) == 1
    lines = [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["vignette"], line["passed"]) for line in lines] == [(n, n != "v2") for n in NAMES]


SECURITY = Alert(id="s", alert_kind="security", rev=1, material_rev=1, severity="Severe", urgency="Immediate",
                 certainty="Observed", about="gateway")  # fmt: skip


def test_a_card_that_only_a_person_ends_may_stay_open_if_the_script_says_so():
    for stays, missing in ((True, []), (False, ["nothing is open after step 2: s"])):
        want = vignette(alerts=[{"kind": "security", "step": 1, "stays": stays}], open_after=2)
        score = evaluate(want, {}, {"s": [(EARLY, SECURITY)]}, [], ())
        assert [f"{r.check}: {r.detail}" for r in score.rows if not r.met] == missing


@pytest.mark.parametrize(
    ("change", "met"),
    [
        ({}, True),
        ({"value": 14}, False),
        ({"no_link": 1}, False),
        ({"late": True}, False),
        ({"what": "F-2:1"}, False),
        ({"measure": "answer"}, False),
    ],
)
def test_a_value_of_the_after_action_report_is_met_exactly(change: dict[str, Any], met: bool):
    values = (Value(what="F-1:1", value=15 * MINUTE),)
    own = Line(section="answer", measure="decide", unit="time", own=Figure(count=1, values=values))
    report = Report(mission="m", reader="xar", scope="own", since=0, until=0, messages=0, last_seq=0, lines=(own,))
    want = {"as": "xar", "measure": "decide", "what": "F-1:1", "value": 15} | change
    assert row(msgspec.convert(want, ExpectedValue), report).met is met
    assert not row(msgspec.convert(want, ExpectedValue), None).met


@pytest.mark.parametrize("name", NAMES)
def test_every_step_of_a_vignette_has_its_files_its_sender_and_a_number_of_its_own(name: str):
    played = load(name)
    steps = played.script.steps
    assert len({s.step for s in steps}) == len(steps)
    assert [s.time for s in steps] == sorted(s.time for s in steps)
    used = {file for s in steps for file in s.sends}
    assert used == played.files.keys() - {"mission.toml", "script.json"}
    for step in steps:
        assert step.sends or step.link or step.note
        assert not step.sends or step.sender in played.mission.by_id
