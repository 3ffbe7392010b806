"""Everything that becomes a card without being a finding: one file a sort, listed in `SOURCES`.

Silence of a participant or an officer depends on the cards themselves: `notices` makes those, `alerting` says when.
"""

from typing import Final

from coordinator.core.occasions.casevac import Evacuations
from coordinator.core.occasions.disagreements import Disagreements
from coordinator.core.occasions.occasion import Source
from coordinator.core.occasions.refusing import Refusing
from coordinator.core.occasions.requests import Requests
from coordinator.core.occasions.returns import Returns
from coordinator.core.occasions.security import Security
from coordinator.core.occasions.symmetry import Symmetry
from coordinator.core.occasions.trail import Trail
from coordinator.core.occasions.undelivered import Undelivered
from coordinator.core.occasions.unwatched import Unwatched

SOURCES: Final[tuple[type[Source], ...]] = (
    Disagreements,
    Evacuations,
    Refusing,
    Requests,
    Security,
    Returns,
    Symmetry,
    Trail,
    Undelivered,
    Unwatched,
)
