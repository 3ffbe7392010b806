"""The programs that show how to use the bus without a line of ours: plain nats-py, and the JavaScript client."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from coordinator.client import Item
from coordinator.core.mission import Mission, Participant
from tests.support.house import house, settle

pytestmark = pytest.mark.nats

FOLDER = Path(__file__).parents[1] / "deploy/examples"
MISSION = Mission(
    name="examples",
    participants=(
        Participant(id="fhq", role="hq", operator=True),
        *(Participant(id=p, superior="fhq") for p in ("xar", "xbl")),
    ),
)
GOOD = (
    "PATROL PLAN\nReference: {0}-PTL-1\nUnit: A Coy\nPlace: KESSA\nFrom: 141000ZMAR27\nTo: 141045ZMAR27\nMethod: foot\n"
)
BAD = "PATROL PLAN\nReference: {0}-PTL-2\nUnit: A Coy\nPlace: KESSA\nFrom: 1000\nTo: 1045\nMethod: foot\n"
ORDER = (
    b'{"id": "FHQ-FRAGO-1", "kind": "directive", "addressees": [{"to": "%b"}], "ack_required": true, "body": {'
    b'"directive_kind": "frago", "action": "move", "task": "As discussed", '
    b'"performers": [{"name": "A Coy", "participant": "%b"}]}}'
)


def program(name: str) -> Sequence[str]:
    """The command that runs an example."""
    if name.endswith(".py"):
        return (sys.executable, str(FOLDER / name))
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules/nats").is_dir():
        pytest.skip("needs node, and `npm install --no-package-lock --prefix deploy/examples`")
    return (node, str(FOLDER / name))


@pytest.mark.parametrize(("name", "who"), [("contingent.py", "xar"), ("contingent.mjs", "xbl")])
async def test_a_contingents_own_program_sends_hears_the_answer_and_receives(
    tmp_path: Path, name: str, who: str
) -> None:
    command = program(name)
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text(GOOD.format(who.upper()))
    bad.write_text(BAD.format(who.upper()))
    async with house(tmp_path, MISSION) as home, home.services() as runners:

        async def run(file: Path) -> tuple[int, str]:
            key = home.server.credentials(who)
            ran = await anyio.run_process(
                [*command, home.server.url, str(key), who, str(file)], check=False, stderr=subprocess.STDOUT
            )
            return ran.returncode, ran.stdout.decode()

        async for outcome in (await home.client("fhq")).send(
            [Item(data=ORDER % (who.encode(), who.encode()), format="native")]
        ):
            assert outcome.accepted, outcome
        await settle(runners)
        code, said = await run(good)
        assert (code, said.splitlines()[1]) == (0, f"accepted {who.upper()}-PTL-1:1")
        assert "PRIORITY directive fhq FHQ-FRAGO-1" in said
        code, said = await run(good)
        assert code == 0
        assert said.splitlines() == [said.splitlines()[0], f"accepted {who.upper()}-PTL-1:1"]  # nothing new is there
        assert said.splitlines()[0].endswith(", as before")
        code, said = await run(bad)
        assert code == 1
        assert "REFUSED line 5: From" in said
