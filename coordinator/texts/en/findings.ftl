### A whole finding, for readers who may know all of it: a text is one sentence, named "said", the kind, what it says.
### English is the reference: every text is here. Each sentence has at most 25 words and says what is known, never who
### gives way. Words to avoid: "approved", "cleared", "denied", "free", "safe".
###
### $order, $first and $second are messages with what they are; $where is a place ("at KESSA") or "there"; $when is a
### period with a blank before it, or nothing, $scene both. $sure is "definite" or "possible". Numbers come with their units.

## Activities that do not go together

said-incompatible-activities = { $first } and { $second } do not go together.
said-incompatible-activities-both = { $sure ->
    [possible] Both may be
   *[definite] Both are
 } { $where }{ $when }, against the rule { $rule }.
said-incompatible-activities-gap = { $gap } lie between them, { $rule } asks for { $required }.
said-incompatible-activities-distance = { $sure ->
    [possible] They may come within
   *[definite] They come within
 } { $distance }, { $rule } asks for { $required }.
said-incompatible-activities-meet = { $sure ->
    [possible] They may meet
   *[definite] They meet
 }, { $rule } asks for { $required } between them.
said-incompatible-activities-heights = Their heights are { $vertical } apart, { $rule } asks for { $required }.
said-incompatible-activities-level = Their heights overlap, { $rule } asks for { $required } between them.
said-incompatible-activities-precedence = The mission has published: { $rule }.
said-incompatible-activities-advice = The mission's rules: { $advice }.

## What a route carries

said-route-capacity = { $order } uses { $place }{ $when }.
said-route-capacity-closed = { $place } is reported closed.
said-route-capacity-load-class = Its vehicles are load class { $required }, { $place } carries class { $carried }.
said-route-capacity-both = { $first } and { $second } use { $place }.
said-route-capacity-when = Both may be there{ $when }.
said-route-capacity-direction = Their directions are opposite on a single lane.
said-route-capacity-headway = { $gap } lie between them, the headway is { $required }.

## Orders that point at each other wrongly, or were not answered

said-stale-order-stale = { $order } cites { $cited }, which is no longer in force.
said-stale-order-missing = { $order } cites { $cited }, which is not known.
said-stale-order-authority = { $order } changes { $cited } without authority over its issuer.
said-stale-order-fork = { $orders } each replace the same order.
said-stale-order-cycle = { $orders } replace each other in a circle.
said-stale-order-acknowledged = { $names } acknowledged an earlier version of { $order }, not the one in force.
said-not-acknowledged = { $count ->
    [one] { $names } has not answered
   *[other] { $names } have not answered
 } { $order }.
said-start = It starts { $start }, an answer is due { $notice } before.
said-misread = { $names } read { $order } back as something else.
said-misread-open = WILCO does not count until it is read back as it stands.

## What one unit is ordered

said-contradictory-orders = { $first } and { $second } task one unit at one time.
said-contradictory-orders-when = Both may be under way{ $when }.
said-contradictory-orders-exclusive = By the mission's rules one unit cannot { $one } and { $other } at one time.
said-contradictory-orders-remain = One order keeps the unit at its place, the other wants it elsewhere.
said-contradictory-orders-apart = The two places are { $distance } apart.
said-contradictory-orders-travel = The way takes { $travel } at { $speed }.
said-contradictory-orders-spare = At most { $gap } lie between the tasks.
said-command-fork = { $first } and { $second } task one unit{ $when }.
said-command-fork-issuers = Of their issuers { $one } and { $other } neither directs the other.
said-authority = The mission records no authority of { $issuer } for { $order }{ $when }.
said-units = { $count ->
    [one] Unit: { $units }.
   *[other] Units: { $units }.
 }
said-relation = Recorded: { $relation }.
said-mandate = { $sure ->
    [possible] { $order } may go beyond the mandate
   *[definite] { $order } goes beyond the mandate
 }{ $scene }.
said-mandate-actions = No clause of it covers the action.
said-mandate-place = The place is not within the ground that it covers.
said-mandate-period = It does not cover all of that time.
said-mandate-reference = It asks for an authority, and none is cited.
said-mandate-clause = Clause: { $clause }.
said-duplicate-task = { $first } and { $second } order the same.
said-duplicate-task-both = { $sure ->
    [possible] Both may be
   *[definite] Both are
 } { $where }{ $when }.
said-duplicate-task-unaware = Different contingents perform them, and neither order names the other.
said-duplicate-task-apart = The places differ by { $distance }, within { $required } they count as one.

## Shared means, frequencies, what a task hangs on, time that is too short

said-asset-overbooked = { $count ->
    [one] { $orders } wants { $asset }{ $when }.
   *[other] { $orders } want { $asset }{ $when }.
 }
said-asset-overbooked-uncounted = So many others want it near that time that not every combination was compared.
said-asset-overbooked-perhaps = Too much may be promised.
said-asset-overbooked-crowd = So many combinations are too much that all { NUMBER($count, useGrouping: 0) } who want it then are named together.
said-asset-overbooked-turnaround = { $gap } lie between them, its turnaround takes { $required }.
said-asset-overbooked-total = { $total } is wanted, { $capacity } can be given out at a time.
said-asset-overbooked-owner = { $authority } decides on { $asset }.
said-frequency = { $first } uses { $one }, { $second } uses { $other }.
said-frequency-apart = They lie { $apart } apart, { $rule } asks for { $required }.
said-frequency-when = Both may be on the air{ $when }.
said-frequency-anywhere = { $rule } asks for { $required } between them.
said-frequency-distance = { $sure ->
    [possible] They may come within
   *[definite] They come within
 } { $distance }, { $rule } asks for { $required }.
said-frequency-kept = { $order } uses { $one }.
said-frequency-taboo = { $other } is kept for { $holder } (TABOO).
said-frequency-protected = { $other } is kept for { $holder } (PROTECTED).
said-frequency-guarded = { $other } is kept for { $holder } (GUARDED).
said-frequency-near = They lie { $apart } apart, { $required } are asked for.
said-broken-dependency-draft = { $order } hangs on { $cited }, which is not issued.
said-broken-dependency-after-start = { $own } is to start after { $task } starts.
said-broken-dependency-after-end = { $own } is to start after { $task } ends.
said-broken-dependency-before-start = { $own } is to end before { $task } starts.
said-broken-dependency-relief-of = { $own } relieves { $task }, so it is to start before that ends.
said-broken-dependency-time = { $own } is to be covered by { $task }.
said-broken-dependency-place = { $own } is to be covered by { $task }.
said-broken-dependency-when = { $sure ->
    [possible] That may not hold
   *[definite] That does not hold
 }{ $when }.
said-broken-dependency-where = { $sure ->
    [possible] The cover may not reach all of its place.
   *[definite] The cover does not reach all of its place.
 }
said-broken-dependency-as-at = It may be missing { $where }.
said-broken-dependency-by = { $gap } are missing.
said-infeasible-route = { $order } has { $gap } for a part of its way.
said-infeasible-route-to = That part ends { $where }.
said-infeasible-between = { $count ->
    [one] { $units } has { $gap } between { $orders }.
   *[other] { $units } have { $gap } between { $orders }.
 }
said-infeasible-needed = { $required } are needed, with the rest that the mission asks for.
said-infeasible-way = { $distance } of way take { $travel } at { $speed }.

## Areas, zones and national restrictions

said-uncoordinated-entry = { $sure ->
    [possible] { $order } may be in
   *[definite] { $order } is in
 } { $zone }, the area of { $authority }{ $when }.
said-uncoordinated-entry-through = It comes in at { $entry } and goes out at { $exit }.
said-uncoordinated-entry-inside = Its way inside is { $inside } long.
said-uncoordinated-entry-word = No coordination with { $authority } is recorded for it.
said-prohibited-zone = { $sure ->
    [possible] { $order } may be in
   *[definite] { $order } is in
 } { $zone }, where it is prohibited{ $when }.
said-prohibited-zone-authority = Nobody below { $authority } can exempt it.
said-restricted-zone = { $sure ->
    [possible] { $order } may be in or cross
   *[definite] { $order } is in or crosses
 } { $zone }, which is restricted{ $when }.
said-restricted-zone-authority = No permission of { $authority } is recorded.
said-zone-distance = { $sure ->
    [possible] It may come within
   *[definite] It comes within
 } { $distance }, { $required } are to be kept.
said-zone-basis = Basis: { $basis }.
said-caveat = { $sure ->
    [possible] A declared restriction of { $authority }, { $cited }, may not be compatible with { $order }.
   *[definite] A declared restriction of { $authority }, { $cited }, is not compatible with { $order }.
 }
said-caveat-asked = The order asks to { $action }{ $when }.
said-caveat-task = It is about its task{ $when }.

## What is seen differs from what is ordered

said-task-deviation = { $order } places { $units } at { $place }{ $when }.
said-task-deviation-left = { $units } was seen leaving { $place } { $seen }.
said-task-deviation-outside = { $units } was seen away from { $place } { $seen }.
said-task-deviation-distance = It was { $distance } away, up to { $required } counts as being there.
said-task-deviation-coverage-not-assured = { $place } is not assured to be covered{ $when }.
said-task-deviation-concerns = It concerns { $orders }.

## What could not be checked; $field is where it stands in the message, $word what was written there, or nothing

said-undecidable-missing = { $order } could not be checked: { $field }{ $word } is missing.
said-undecidable-reversed = { $order } could not be checked: { $field }{ $word } ends before it starts.
said-undecidable-empty = { $order } could not be checked: { $field }{ $word } has no duration.
said-undecidable-unreadable = { $order } could not be checked: { $field }{ $word } cannot be read.
said-undecidable-unknown-place = { $order } could not be checked: { $field }{ $word } names no place of the mission.
said-undecidable-unknown-route = { $order } could not be checked: { $field }{ $word } names no route of the mission.
said-undecidable-unknown-unit = { $order } could not be checked: { $field }{ $word } names no unit of the mission.
said-undecidable-unknown-section = { $order } could not be checked: { $field }{ $word } names no section of the mission.
said-undecidable-unknown-asset = { $order } could not be checked: { $field }{ $word } names no asset of the mission.
said-undecidable-off-route = { $order } could not be checked: { $field }{ $word } lies off the named route.
said-undecidable-no-such-point = { $order } could not be checked: { $field }{ $word } names no point of the route.
said-undecidable-open-ring = { $order } could not be checked: { $field }{ $word } is a ring that is not closed.
said-undecidable-wide-ring = { $order } could not be checked: { $field }{ $word } is wider than half the earth.
said-undecidable-wide-path = { $order } could not be checked: { $field }{ $word } is wider than half the earth.
said-undecidable-crossing-ring = { $order } could not be checked: { $field }{ $word } is a ring that crosses itself.
said-undecidable-too-long = { $order } could not be checked: { $field }{ $word } is longer than what is checked.
said-undecidable-upside-down = { $order } could not be checked: { $field }{ $word } has its limits upside down.
said-undecidable-no-extent = { $order } could not be checked: { $field }{ $word } is a shape without extent.
said-undecidable-no-load-class = { $order } could not be checked: { $field }{ $word } has no load class that is known.
said-undecidable-no-amount = { $order } could not be checked: { $field }{ $word } asks for an amount that is none.
said-undecidable-no-speed = { $order } could not be checked: { $field }{ $word } names no movement with a known speed.
said-undecidable-ambiguous = { $order } could not be checked: { $field }{ $word } can mean several orders.
said-undecidable-two-contents = { $order } could not be checked: { $field }{ $word } came with two different contents.
said-undecidable-over-capacity = { $order } could not be checked: more orders are known than { $field } lets be compared.
said-undecidable-open = A conflict cannot be ruled out.

## What is in doubt, how it stands, who can decide

said-possible = Possible: { $doubt }.
said-state-open-past = The time of it is over.
said-state-acknowledged = Acknowledged.
said-state-waived = Waived.
said-state-closed = Closed.
said-state-closed-why = Closed: { $why }.
said-state-waived-why = Waived: { $why }.
said-state-acknowledged-why = Acknowledged: { $why }.
said-state-resolved-if-acknowledged = Resolved once acknowledged by { $names }.
said-arbiter = { $arbiter } can decide.
