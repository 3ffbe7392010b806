### How far an order is, and how far a request is. Each step has words of its own: a promise must not read like a fact.

## How far a unit is with an order

order-sent = sent, not known to have arrived
order-delivered = delivered, no answer yet
order-received = received, not read back
order-misread = READ BACK DIFFERENTLY
order-understood = understood, as it was ordered
order-wilco = WILCO
order-cannot-comply = CANNOT COMPLY
order-own = issued the change itself
order-withheld = not shown to you

## Whether an order is coordinated

coordinated-yes = yes, every acting unit will comply
coordinated-not-yet = not yet, { $count } of { $of } acting units said WILCO
coordinated-unknown = not yet
coordinated-nobody = no, it names no acting unit
coordinated-gone = no, the order is no longer in force

## A read-back beside the order

read-time = time
read-place = place
read-task = task
read-different = { $field }: ordered { $ordered }, read back { $read }
read-unclear = { $field }: read back { $read }, which cannot be compared with { $ordered }

## How far a request is

request-asked = ASKED, nobody has promised anything
request-planned = PLANNED, a promise and not yet an order
request-ordered = ORDERED, not yet moving
request-in-motion = IN MOTION
request-done = DONE
request-refused = REFUSED
request-withdrawn = WITHDRAWN by whoever asked
