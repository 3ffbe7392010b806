"""Requests and sessions as people type and read them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.cli import asked, asking
from coordinator.core.liaison.life import Life, Line, Question, Share
from coordinator.core.liaison.sessions import Session, Version, Voice, text_hash
from coordinator.core.liaison.views import View
from coordinator.core.orders.requests import Request, Word
from coordinator.errors import NotFound, UsageError
from schemas.envelope import LangText
from schemas.liaison import Item
from tests.cli.cases import at
from tests.cli.conftest import Golden, Run

WHO = Request(
    id="R-1", originator="xar", kind="liaison-request", state="planned", asked_at=at(0), owner="xbl", since=at(10),
    words=(
        Word(state="asked", by="xar", holder="xar", at=at(0), message="R-1:1"),
        Word(state="planned", by="xbl", holder="xbl", at=at(10), message="a:1"),
        Word(state="refused", by="xco", holder="xco", at=at(12), message="b:1", reason="fully committed"),
    ),
)  # fmt: skip
LIFE = Life(
    id="R-1", originator="xar", revision=1, request_kind="resource", subject="Water for 400 people", state="partially",
    asked_at=at(0), asked=("xbl", "xco"), reply_by=at(60), need_by=at(240), silent=("xga",),
    lines=(
        Line(ref="1", name="water tankers", asked=3.0, promised=2.0, left=1.0, state="partially", shares=(
            Share(by="xbl", decision="accept", at=at(10), message="a:1", quantity=2.0),
            Share(by="xco", decision="decline", at=at(12), message="b:1", quantity=3.0, reason="fully committed"),
        )),
        Line(ref="2", name="diesel", unit="l", asked=500.0, state="provisional", left=500.0, shares=(
            Share(by="xbl", decision="provisional", at=at(10), message="c:1", quantity=500.0, unit="l",
                  conditions="an escort\x1b[2J by XAR"),
        )),
    ),
    questions=(Question(by="xco", text="Which road?", at=at(5), message="q:1"),),
    besides=(Share(by="xga", decision="accept", at=at(15), message="d:1", quantity=1.0, unit="ferry"),),
)  # fmt: skip
FR, EN = LangText(text="La section reste", lang="fr"), LangText(text="The section stays", lang="en")
P1 = Version(
    proposal="P1", version=1, by="fhq", at=at(6), message="p:1", texts=(EN,), text_sha256=text_hash((EN,)),
    voices=(Voice(by="fhq", word="agree", at=at(6)),
            Voice(by="xbl", word="object", at=at(8), reason="not on foot")), missing=("xar", "xbl"),
)  # fmt: skip
P2 = replace(
    P1, proposal="P2", version=2, by="xbl", texts=(FR, EN), text_sha256=text_hash((FR, EN)), missing=(),
    agreed_at=at(45), voices=(Voice(by="xbl", word="agree", at=at(30)),
                              Voice(by="xar", word="agree", at=at(44), other_text=True)),
)  # fmt: skip
SESSION = Session(
    id="LN-1", originator="fhq", subject="Relief at OP 4-7", state="agreed", opened_at=at(0), reply_by=at(60),
    members=("fhq", "ocha", "xar", "xbl"), must_agree=("fhq", "xar", "xbl"), versions=(P1, P2), agreed="P2 v2",
    agreed_at=at(45), findings=("81c0",),
)  # fmt: skip


# -- how they look ----------------------------------------------------------------------------------------------------


def test_a_request_answers_who_asked_what_who_has_it_and_what_is_open_until_when(golden: Golden) -> None:
    view = View(life=LIFE, request=WHO)
    golden("liaison-request", asked.block(view, at(20)) + "\n\n" + asked.line(view, at(20)) + "\n")


def test_a_session_shows_every_version_in_all_its_languages_and_who_said_what(golden: Golden) -> None:
    view = View(session=SESSION)
    golden("liaison-session", asked.block(view, at(50)) + "\n\n" + asked.line(view, at(50)) + "\n")


def test_what_somebody_still_has_is_not_over() -> None:
    assert not asked.is_over(View(life=replace(LIFE, state="answered"), request=WHO))
    assert not asked.is_over(View(life=LIFE, request=replace(WHO, state="done", owner="")))
    done = View(life=replace(LIFE, state="withdrawn"), request=replace(WHO, state="withdrawn", owner=""))
    assert asked.is_over(done)
    assert asked.is_over(View(session=SESSION))
    assert not asked.is_over(View(session=replace(SESSION, state="open")))


def test_nothing_that_came_in_reaches_the_terminal_as_it_is() -> None:
    assert "\x1b" not in asked.block(View(life=LIFE, request=WHO), at(20))


# -- how they are typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("5 ambulances", Item(ref="1", name="ambulances", quantity=5.0)),
        ("500 l: diesel fuel", Item(ref="1", name="diesel fuel", quantity=500.0, unit="l")),
        ("2.5 t: flour", Item(ref="1", name="flour", quantity=2.5, unit="t")),
        ("interpreter", Item(ref="1", name="interpreter")),
        ("4x4 vehicle", Item(ref="1", name="4x4 vehicle")),
    ],
)
def test_an_item_is_read_with_its_number_and_unit(typed: str, item: Item) -> None:
    assert asking.items([typed]) == (item,)


def test_an_answer_names_items_and_how_much_of_them() -> None:
    assert asking.shares(["1", "2=300"], LIFE) == (("1",), (Item(ref="2", name="diesel", quantity=300.0, unit="l"),))
    with pytest.raises(UsageError, match='no item "7"; it has: 1, 2'):
        asking.shares(["7"], LIFE)


@pytest.mark.parametrize("typed", [["no language"], ["fr="], ["fr=a", "FR=b"], [], ["en=" + "x" * 3_000]])
def test_a_text_says_its_language_once(typed: list[str]) -> None:
    with pytest.raises(UsageError, match="--text"):
        asking.texts(typed)


def test_a_vote_is_bound_to_the_text_that_is_shown() -> None:
    word = asking.word(SESSION, asking.version(SESSION, "p2", 0), "agree")
    assert (word.proposal, word.version, word.text_sha256) == ("P2", 2, text_hash((FR, EN)))
    with pytest.raises(NotFound, match=r"P9.*P1 v1, P2 v2"):
        asking.version(SESSION, "P9", 0)


def test_a_proposal_gets_the_next_version_and_a_new_one_the_next_name() -> None:
    assert asking.proposal(SESSION, "P2", (EN,)).version == 3
    assert asking.proposal(SESSION, "P7", (EN,)).version == 1
    assert asking.next_name(SESSION) == "P3"


def test_the_same_words_at_another_time_are_another_message() -> None:
    word = asking.word(SESSION, P1, "agree")
    one, same, later = (asking.reply(SESSION, word, "xar", when) for when in (at(0), at(0), at(1)))
    assert one.id == same.id != later.id


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("answer", "R-1", "decline"), "decline needs --reason"),
        (("answer", "R-1", "provisional"), "provisional needs --conditions"),
        (("answer", "R-1", "clarify"), "clarify needs --reason"),
        (("request", "help", "--to", "xbl", "--item", " "), '--item " " is nothing'),
        (("request", "help", "--to", "xbl", "--need-by", "soon"), '"soon" is no time'),
        (("request", "help", "--to", "xbl", "--kind", "meeting"), "meeting"),
        (("propose", "LN-1", "--text", "no language"), "does not say its language"),
        (("object", "LN-1", "P1"), "reason"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ran = run("liaison", *arguments, "--as", "xar")
    assert ran.code == 2
    assert says in ran.err


def test_without_a_bus_it_says_how_to_start_one(run: Run) -> None:
    ran = run("liaison", "list", "--as", "xar")
    assert (ran.code, ran.out) == (3, "")
    assert "coordinator up" in ran.err


# -- on a real bus ----------------------------------------------------------------------------------------------------

MISSION = """
name = "liaison-test"
participants = [
  {id = "fhq", role = "hq"}, {id = "joc", role = "desk", superior = "fhq", operator = true},
  {id = "xar", superior = "fhq"}, {id = "xbl", superior = "fhq"}, {id = "ocha", role = "guest"},
]
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The store of a bus that runs on this host."""
    folder = tmp_path_factory.mktemp("bus")
    mission = folder / "mission.toml"
    mission.write_text(MISSION)
    command = [sys.executable, "-m", "coordinator", "up", "--mission", str(mission), "--store", str(folder / "store")]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COORDINATOR_")}
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [*command, "--json"], stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        )
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline() or "{}").get("acknowledged"), (folder / "stderr").read_text()
        yield folder / "store"
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(15.0)
        process.stdout.close()  # type: ignore[union-attr]  # it is a pipe
    assert code == 130, (folder / "stderr").read_text()


@pytest.mark.nats
@pytest.mark.slow
def test_a_request_and_a_session_from_the_first_word_to_the_draft(run: Run, store: Path, tmp_path: Path) -> None:
    def verb(by: str, *words: str, code: int = 0) -> str:
        ran = run("liaison", *words, "--as", by, "--store", store)
        assert ran.code == code, ran.err
        return ran.out + ran.err

    verb("xar", "request", "Water", "--to", "xbl", "--item", "3 tankers", "--id", "R-1")
    verb("xbl", "answer", "R-1", "accept", "--item", "1=2")
    shown = verb("fhq", "show", "R-1")
    assert "3 tankers: partly promised, 1 left" in shown
    assert "PLANNED, a promise and not yet an order" in shown
    assert verb("xbl", "withdraw", "R-1", code=4)
    verb("xar", "withdraw", "R-1")
    assert "WITHDRAWN" in verb("xbl", "list", "--all")

    verb("fhq", "open", "Relief", "--to", "xar", "--to", "xbl", "--id", "LN-1")
    verb("xbl", "propose", "LN-1", "--text", "fr=La section reste", "--text", "en=The section stays")
    assert "P1 v1 waits for fhq" in verb("fhq", "draft", "LN-1", code=1)
    verb("xar", "agree", "LN-1", "P1")
    verb("fhq", "agree", "LN-1", "P1", "--rev", "1")
    verb("fhq", "draft", "LN-1", "--out", str(tmp_path / "order.ndjson"))
    order: dict[str, Any] = json.loads((tmp_path / "order.ndjson").read_text())
    assert (order["body"]["task"], order["body"]["draft"]) == ("The section stays", True)
    assert run("send", tmp_path / "order.ndjson", "--as", "fhq", "--store", store).code == 0
    verb("ocha", "show", "LN-1", code=5)
    verb("joc", "show", "LN-1", code=5)
