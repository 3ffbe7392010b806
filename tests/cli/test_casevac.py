"""The board of evacuations: one line each that a tired officer reads in a breath, and the whole of one."""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.cli import evacuations
from coordinator.client import Client
from coordinator.core.orders.evacuations import Case
from coordinator.demo.vignette import moment
from tests.core.test_casevac import played
from tests.support.desk import z
from tests.support.medical import VIGNETTE
from tests.support.playing import frozen_world, send
from tests.support.settling import drained


def case(*steps: int, reader: str = "fhq-u3", until: str = "142200") -> Case:
    """Return the evacuation of V2 behind some steps, as a reader may know it."""
    ward = played(*steps)
    source: Any = ward.core.source("casevac")
    [found] = source.cases(reader, z(until))
    return replace(found)


def test_a_line_says_the_clock_the_state_who_has_it_and_what_is_next():
    line = evacuations.line(case(8, until="142013"), z("142013"))
    assert line == (
        "142008ZMAR27  CASEVAC | CASEVAC-0314-1 | ASKED, nobody has promised anything 142012ZMAR27 | 5 min"
        " | fhq-maoc has it | decision on the launch by fhq-maoc 142022ZMAR27 (in 9 min)"
        "; the mark for resuscitation 142108ZMAR27"
        " (in 55 min); the mark for surgery 142208ZMAR27 (in 115 min)"
    )


def test_what_is_late_is_said_first_and_as_late():
    block = evacuations.block(case(8, 9, 16, until="142028"), z("142028"))
    assert "next           LATE: something in motion (launch 142022ZMAR27) 142027ZMAR27 (60 s ago)" in block


def test_everything_that_was_said_stands_with_its_time_and_message():
    block = evacuations.block(case(8, 9, 16, 17, 19), z("142200"))
    assert "clock          from 142008ZMAR27, time of injury; 39 min, 10-1-2 met" in block
    assert "First aid by 142018ZMAR27: met, told 142012ZMAR27 by CASEVAC-0314-1:1" in block
    assert "decides        fhq-maoc, decided 142021ZMAR27" in block
    assert "142023ZMAR27 xdr-avn: IN MOTION, CASEVAC-0314-1-WHEELS-UP:1" in block
    assert "next" not in block


def test_nothing_that_came_from_outside_reaches_a_terminal_as_it_is():
    evil = replace(case(8), request="C\x1b[31m-1", place="x\u202ey", words=())
    assert "\x1b" not in evacuations.block(evil, z("142013")) + evacuations.line(evil, z("142013"))


@pytest.mark.parametrize(("reader", "sees"), [("se-hq", 1), ("xhu-l2", 1), ("fhq-u3", 1), ("xga-fpu", 0), ("excon", 0)])
async def test_who_may_not_read_the_request_sees_no_line_of_it(reader: str, sees: int):
    async with frozen_world(VIGNETTE, moment("142013ZMAR27")) as (world, runners, clock):
        await send(VIGNETTE, 8, world, clock)
        await drained(runners)
        async with world.connect(reader) as bus:
            rows = [row async for row in Client(bus, reader, clock).rows("alerting", "casevac", {})]
    assert len(rows) == sees
