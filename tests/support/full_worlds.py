"""Worlds for the laws in which every kind of finding occurs, in the mission of `full`.

A world is one of the cases that were made for the second oracle, each about some kind, with other messages around it.
"""

from typing import Final

from hypothesis import strategies as st

from tests.support.oracle.cases import cases
from tests.support.pool import Pool
from tests.support.worlds import unlike

_POOL: Final = Pool(2027)
_AROUND: Final = st.sampled_from((
    *_POOL.first, *_POOL.first, *_POOL.revised, *_POOL.superseding, *_POOL.amendments, *_POOL.cancellations,
    *_POOL.reports, *_POOL.answers,
))  # fmt: skip
CASES: Final = tuple(case.messages for case in cases(2027, 400))

full_worlds = st.tuples(st.sampled_from(CASES), st.lists(_AROUND, max_size=8)).map(lambda both: [*both[0], *both[1]])
honest_full_worlds = full_worlds.map(lambda world: list({unlike(e): e for e in world}.values()))
"""Nobody says two things under one id and revision."""
chained_worlds = st.lists(
    st.sampled_from((*_POOL.superseding, *_POOL.cancellations, *_POOL.first[::8])), min_size=3, max_size=12
)  # fmt: skip
"""Orders that replace each other and are withdrawn, in circles and forks too."""
