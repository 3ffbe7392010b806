"""Every finding of a set of messages by brute force: each order alone and every two orders, without an index."""

from coordinator.core.deconfliction.ledger import Ledger
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.setting import Setting
from schemas.findings import Finding


def everything(ledger: Ledger, setting: Setting, now: int) -> dict[str, Finding]:
    """Return the findings at a time, by id; closed ones too, those that are over not."""
    picture = Picture(ledger, setting)
    picture.rate_all()
    picture.update(ledger.acts)
    picture.judge(picture.everything(), now)
    rulings = (r for case in picture.rulings.values() for r in case if r.end > now)
    return {r.finding.id: r.finding for r in rulings}
