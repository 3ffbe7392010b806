"""The text that a session agreed to, as the draft of an order: an officer completes and sends it, the bus does not.

A draft is compared for its owner's eyes only (`Directive.draft`), and nobody has to acknowledge it. Who may order whom
is found out when the order is sent (K10, `authority`). Source: reference domain.md R-42; design §1 (never).
"""

from typing import Final

from coordinator.core.liaison.sessions import Session, Version
from schemas import registry
from schemas.directives import Directive
from schemas.envelope import Addressee, Envelope, Reference

OPEN: Final = ("performers", "windows", "area", "action", "draft")
"""What the officer has to complete before it is sent: whom, when, where, what, and that it is no draft any more."""


def draft(session: Session, agreed: Version, by: str, lang: str = "en") -> Envelope:
    """Return the draft of an order by a member of a session; its task is the text in a language, if there is one."""
    task = next((t.text for t in agreed.texts if t.lang.partition("-")[0].casefold() == lang), agreed.texts[0].text)
    note = f"liaison session, {agreed.name} as agreed, sha256 {agreed.text_sha256}"
    return registry.pack(
        Directive(directive_kind="frago", action="other", task=task, draft=True),
        id=f"{by}-{session.id}-{agreed.proposal}-v{agreed.version}",
        originator=by,
        addressees=tuple(Addressee(to=m) for m in session.members if m != by),
        references=(Reference(id=session.id, originator=session.originator, note=note),),
        texts=agreed.texts,
        precedence="priority",
        ack_required=True,
    )
