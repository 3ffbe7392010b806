"""Tracks: reads accepted positions and says to the log where units are, against the places that matter.

A word a change; services read it, nobody else. See `core.tracks`; its memory is what it wrote.
"""

from typing import Final

from coordinator.core.tracks import NAME, Tracks
from coordinator.services.base import Service
from coordinator.topology import LOG, TRACKS
from schemas import subjects
from schemas.directives import Directive

SERVICE: Final = Service(
    name=NAME,
    about="says where units were seen, against places that somebody holds or relies on",
    reads={
        LOG: (subjects.records(Directive.KIND), subjects.ALL_WHEREABOUTS, subjects.CONFIG),  # first: orders and memory
        TRACKS: subjects.ALL_POSITIONS,
    },
    writes=(subjects.ALL_WHEREABOUTS,),
    build=lambda setting: Tracks(setting.mission),
    recalls=True,
)
