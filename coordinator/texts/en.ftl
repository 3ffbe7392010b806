### What the bus says to people. English is the reference: every text is here.
### Words to avoid: "approved", "cleared", "denied", "free", "safe". The bus orders nothing and never says who gives way.
### $scene is a place and a window with a blank before them, or nothing; $call is whom to call, or nothing.

## Pieces

scene-place = at { $place }
call = { $own ->
    [yes] ; you can decide
   *[no] ; call { $arbiter }
 }
list-and = { $first }, { $next }
another-activity = another activity

kind-directive = order
kind-movement = movement
kind-hazard = hazard notice
kind-protected-site = protected site
kind-route-state = route report
kind-medevac = evacuation
kind-agreement = agreement
kind-other = activity

## Tear-lines: the effect, never the cause

torn-incompatible-activities = { $own ->
    [yes] Your { $what }
   *[no] The { $what }
 } { $party }{ $scene } is affected by another activity{ $call }
torn-infeasible = { $own ->
    [yes] Your { $what }
   *[no] The { $what }
 } { $party }{ $scene } cannot be carried out as it stands{ $call }
torn-broken-dependency = { $own ->
    [yes] Your { $what }
   *[no] The { $what }
 } { $party }{ $scene } depends on something that is not assured{ $call }
torn-nothing = A coordination problem concerns you{ $scene }{ $call }

## Findings, for readers who may know all of them

finding-incompatible-activities = { $parties }{ $scene }: these activities do not go together{ $call }
finding-contradictory-orders = { $parties }{ $scene }: these orders contradict each other{ $call }
finding-asset-overbooked = { $parties }{ $scene }: the same means are tasked more than once{ $call }
finding-route-capacity = { $parties }{ $scene }: more than the route carries{ $call }
finding-uncoordinated-entry = { $parties }{ $scene }: entry into another's area without coordination{ $call }
finding-prohibited-zone = { $parties }{ $scene }: inside a prohibited zone{ $call }
finding-restricted-zone = { $parties }{ $scene }: inside a restricted zone{ $call }
finding-caveat = { $parties }{ $scene }: a national restriction applies{ $call }
finding-mandate = { $parties }{ $scene }: outside the mandate as it is recorded{ $call }
finding-authority = { $parties }{ $scene }: the issuer does not direct the unit that is tasked{ $call }
finding-command-fork = { $parties }{ $scene }: one unit is directed by two headquarters{ $call }
finding-stale-order = { $parties }{ $scene }: this order has been replaced and is still acted on{ $call }
finding-frequency = { $parties }{ $scene }: the same frequency is in use{ $call }
finding-broken-dependency = { $parties }{ $scene }: a task that this one depends on has changed{ $call }
finding-infeasible = { $parties }{ $scene }: this cannot be done in the time or space given{ $call }
finding-not-acknowledged = { $parties }{ $scene }: not acknowledged, and the start is near{ $call }
finding-duplicate-task = { $parties }{ $scene }: the same task is given twice{ $call }
finding-undecidable = { $parties }{ $scene }: something that decides this could not be read{ $call }
finding-task-deviation = { $parties }{ $scene }: what is reported differs from the task{ $call }

## Cards: what happened

card-conflict = Conflict{ $scene }: { $parties }
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
