"""A sign of life on every board, on the way that everything else there comes: a console can tell deaf from quiet.

It is written beside the fold, never into the log, so replay knows nothing of it. A restart of release reads from the
last message of each board how far it had come, so a heartbeat says it too: effects of causes before its ``Cause-Seq``
are there.
"""

from typing import Final

from coordinator import log
from coordinator.errors import BusError
from coordinator.ports import CAUSE_SEQ, LOGGED_AT, WRITTEN_BY, Outgoing
from coordinator.services.base import Runner, stamped
from coordinator.topology import COORD, LOG
from schemas import registry, subjects
from schemas.deliveries import Heartbeat

EVERY_S: Final = 5.0


async def beat(runner: Runner) -> None:
    """Write a heartbeat on every board again and again, if the setting asks for it."""
    every_s, logger = runner.setting.heartbeat_s, log.get("release")
    done, quiet = 0, False
    while every_s:
        try:
            status = await runner.status()
            done = done if status.owed else status.position[LOG] + 1
            now = runner.clock.now()
            boards = [p.id for p in runner.setting.mission.participants]
            await runner.bus.publish([_outgoing(p, now, every_s, done) for p in boards], deadline_s=every_s)
            quiet = False
        except BusError as error:
            if not quiet:
                logger.warning("no heartbeat on the boards", why=str(error))
            quiet = True
        await runner.clock.sleep(every_s)


def _outgoing(participant: str, now: int, every_s: float, done: int) -> Outgoing:
    body = Heartbeat(at=now, every_s=every_s)
    subject, identity = subjects.board(participant, Heartbeat.KIND, Heartbeat.KIND), f"heartbeat-{participant}-{now}"
    data = registry.encode(registry.pack(body, id=identity, originator=COORD, received_at=now))
    return stamped(subject, data, identity, {LOGGED_AT: str(now), WRITTEN_BY: "release", CAUSE_SEQ: str(done)})
