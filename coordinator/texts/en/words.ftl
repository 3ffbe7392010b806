### The words that the sentences of findings are made of. A word that another language cannot use alone in every
### place may be written there so that it stands apart, for example in brackets.

## Who, where, when

order-named = { $id } ({ $what })
order-unnamed = an order that may not be named
order-another = another order
list-both = { $first } and { $next }
list-either = { $first } or { $next }
list-others = { $names } and others
where-there = there
where-at = at { $place }
when-nothing = { "" }
when-always = { " " }at all times
when-from = { " " }from { $start }
when-until = { " " }until { $end }
when-between = { " " }from { $start } to { $end }
scene-nowhere = { $when }
scene-where = { " " }at { $place }{ $when }
word-nothing = { "" }
word-quoted = { " " }"{ $word }"

## A command relation, such as "sc-hq OPCON xbl-batt", and what limits it

relation = { $superior } { $name } { $unit }{ $for }{ $when }{ $also }
relation-all = { "" }
relation-for = { " " }for { $actions }

## What a message is

what-exclusive = exclusive { $what }
what-order = order
what-order-to-move = order to move
what-order-to-patrol = order to patrol
what-order-to-observe = order to observe
what-order-to-hold = order to hold
what-order-to-secure = order to secure
what-order-to-escort = order to escort
what-order-to-block = order to block
what-order-to-control = order to control
what-order-to-search = order to search
what-order-to-clear = order to clear
what-order-to-engineer = order for engineer work
what-order-to-resupply = order to resupply
what-order-to-medevac = order to evacuate casualties
what-order-to-air-mission = order to fly
what-order-to-airspace = order to control airspace
what-order-to-use-of-force = order to use force
what-order-to-comms = order for communications
what-order-to-aid = order to bring aid
what-patrol-movement = patrol
what-convoy-movement = convoy
what-logistics-movement = logistics movement
what-humanitarian-movement = humanitarian movement
what-flight-movement = flight
what-vessel-movement = vessel movement
what-recce-movement = reconnaissance
what-admin-movement = administrative movement
what-range-hazard = firing on a range
what-demolition-hazard = demolition
what-illumination-hazard = illumination
what-fire-hazard = fire hazard
what-spray-hazard = spraying
what-uxo-hazard = unexploded ordnance
what-mine-hazard = mines
what-impact-hazard = impact area
what-other-hazard = hazard
what-incident = { $category } incident
what-protected-site = protected site

## What an order asks for, after "to"

action-move = move
action-patrol = patrol
action-observe = observe
action-hold = hold
action-secure = secure
action-escort = escort
action-block = block
action-control = control
action-search = search
action-clear = clear
action-engineer = do engineer work
action-resupply = resupply
action-medevac = evacuate casualties
action-air-mission = fly
action-airspace = control airspace
action-use-of-force = use force
action-comms = set up communications
action-aid = bring aid
action-other = do something else

## What makes a finding only possible

doubt-times = the times are not exact
doubt-progress = the position along the way is not exact
doubt-heights = altitude separation is not proven, the heights use different references
doubt-unit = it may be only a part of the unit
doubt-position = the position of the unit is not exact
doubt-positions = a position is given only to within its circular error
doubt-effort = there is too much to compare piece by piece
doubt-relation = the command relation does not last for all of the task
doubt-action = the bus has no word for the action
doubt-reach = the place is within, what is around it reaches beyond
doubt-place = one of them says no place that could be read
doubt-speed = the speed of the unit is not exact
doubt-extent = only a part of its place lies outside
doubt-caveat-units = it binds a part of the unit
doubt-caveat-vehicles = the vehicles are not known well enough
doubt-caveat-transport = it may carry others
doubt-caveat-scope = the declaration names no task
doubt-caveat-place = the place is not known
doubt-caveat-night = it is not certain that the sun is down then

## What changed a state

why-amended = amended by { $names }
why-revised = revised by { $names }
why-withdrawn = withdrawn by { $names }
why-re-rated = re-rated by { $names }
why-over = it is over
why-past = it was in conflict
why-list = { $first }; { $next }
