### What cards say: what happened, and what to do next. $scene and $call are as in release.ftl.

## Cards: what happened

card-conflict = Conflict{ $scene }: { $parties }
card-misread = Read back otherwise than ordered{ $scene }: { $parties }
card-crowd = Conflict{ $scene }: { NUMBER($count, useGrouping: 0) } findings, the worst are listed
card-affected = Affected{ $scene }: { $parties }
card-torn = A coordination problem concerns you{ $scene }
card-contact-lost = { $about } unreachable{ $count ->
    [0] { "" }
    [1] , 1 { $severity } card not delivered
   *[other] , { NUMBER($count, useGrouping: 0) } cards not delivered, the worst { $severity }
 }
card-late-acknowledgement = { $about } has not acknowledged{ $scene }
late-acknowledgement-call = { $about } has not acknowledged{ $scene }: call by voice
card-not-accepted = Your action changed nothing
not-accepted-stale = Your action changed nothing: the card has changed since you saw it
not-accepted-merged = Your action changed nothing: the card is now part of another one
not-accepted-settled = Your action changed nothing: nothing is left to do on this card
not-accepted-unknown = Your action changed nothing: no such card was shown to you
not-accepted-unsupported = Your action changed nothing: this cannot be done with this card
card-integrity = The record cannot be trusted as it stands: tell your operator
card-overdue = { $about } is overdue{ $scene }
card-medical = Medical emergency{ $scene }
card-security = Security incident{ $scene }
card-cannot-comply = { $about } cannot comply with an order{ $scene }
card-request = A request for help{ $scene }
card-liaison = A liaison matter{ $scene }
card-unwatched = Nobody is on watch{ $scene }
card-imbalance = Parties were not told at the same time{ $scene }
card-disagreement = Reports do not agree{ $scene }
card-flood = Very many new cards: they are shown in groups

## Cards: what to do next

next-acknowledge = { $known ->
    [own] Acknowledge, then settle it: you can decide
    [yes] Acknowledge, then settle it with { $arbiter }
   *[no] Acknowledge
 }
next-settle = { $known ->
    [own] Settle it: you can decide
    [yes] Settle it with { $arbiter }
   *[no] Settle it with those concerned
 }
next-wait = Wait for the acknowledgements that settle it
next-wait-for = Wait for the acknowledgement of { $names }
next-others = You have acknowledged; others have not yet
next-nothing = Nothing to do
