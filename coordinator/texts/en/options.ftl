### Ways out of a finding: what a change would do, or who can be talked to. Never who gives way; nothing is approved.

## A change that was worked out: its sentence, and the piece { $change } in it

option-removes = { $change } removes it, and creates nothing new{ $scope }.
option-others-remain = Its other findings may remain.
option-not-checked = { $change }: not checked.
option-no-shift = No other time within the mission's limit was found for { $order }{ $scope }.
scope-nothing = { "" }
scope-known = { " " }among { $count ->
    [one] 1 order
   *[other] { NUMBER($count, useGrouping: 0) } orders
 } known
change-later = { $order } { $time } later
change-earlier = { $order } { $time } earlier
change-altitude = { $order } at { $lower } to { $upper }
change-channel = { $order } on { $channel }
change-route = { $order } by { $route }
change-asset = { $order } with { $asset }
change-move-out = { $order } moved by { $distance }
change-move-out-towards = { $order } moved by { $distance } towards { $bearing } degrees
change-reduce = { $order } with an effect smaller by { $distance }
level-any = any height

## What can be asked or talked about

option-shift = Another time for { $order }.
option-headway = More headway for { $order }.
option-altitude = Another height for { $order }.
option-channel = Another channel for { $order }.
option-route = Another route for { $order }.
option-asset = Other means for { $order }.
option-move-out = Another place for { $order }.
option-reduce = A smaller effect of { $order }.
option-liaison = { $who } can be talked to about { $order }.
option-permission = { $who } can be asked for permission for { $order }.
option-coordinate = { $who } can be asked to coordinate { $order }.
option-refer = { $who } can decide.
option-split = The unit can be split between the tasks: { $order }.
option-cover = Cover can be added for { $order }.
option-withdraw = { $who } can withdraw { $order }.
option-re-issue = { $who } can issue { $order } anew.
option-acknowledge = { $who } can acknowledge { $order }.
option-merge = { $order } can be merged with the other task.
option-fix-field = { $who } can correct { $order }.
issuer-unknown = Whoever issued it
