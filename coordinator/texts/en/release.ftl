### What release says of a finding or a card in one line: the scene, and the effect where the cause is not for the reader.
### $scene is a place and a window with a blank before them, or nothing; $call is whom to call, or nothing.

## Pieces

scene-place = at { $place }
scene-time = { $window }
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
finding-misread = { $parties }{ $scene }: read back as something else, WILCO does not count yet{ $call }
finding-duplicate-task = { $parties }{ $scene }: the same task is given twice{ $call }
finding-undecidable = { $parties }{ $scene }: something that decides this could not be read{ $call }
finding-task-deviation = { $parties }{ $scene }: what is reported differs from the task{ $call }
