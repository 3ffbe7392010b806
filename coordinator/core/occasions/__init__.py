"""Everything that becomes a card without being a finding: one file a sort, listed in `SOURCES`.

Silence of a participant or an officer depends on the cards themselves: `notices` makes those, `alerting` says when.
"""

from typing import Final

from coordinator.core.occasions.occasion import Source

SOURCES: Final[tuple[type[Source], ...]] = ()
