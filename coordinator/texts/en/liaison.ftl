### Calls for help, liaison requests and sessions.

## A card about a call for help

call-untaken = Call for help { $request }, from { $who_asker }: nobody has taken it by { $due_at }. { $subject }
call-declined = Call for help { $request }, from { $who_asker }: everybody who was asked has declined. It is with { $who_owner } since { $since_at }. { $subject }
call-promised = Call for help { $request }, from { $who_asker }: promised by { $who_owner } at { $since_at }, by { $due_at } neither ordered nor in motion. { $subject }
call-ordered = Call for help { $request }, from { $who_asker }: ordered, with { $who_owner } since { $since_at }, by { $due_at } not in motion. { $subject }
call-partly = Call for help { $request }, from { $who_asker }: by { $due_at } only part of it is promised. The rest is with { $who_owner }. { $subject }
call-untaken-next = Answer { $who_asker }: promise it, or decline it with the reason
call-declined-next = Find somebody else, or refuse it for good; tell { $who_asker }
call-promised-next = Ask { $who_owner } by voice whether it moves, and tell { $who_asker } what is so
call-ordered-next = Ask { $who_owner } by voice where it is, and tell { $who_asker } what is so
call-partly-next = Find the rest, or tell { $who_asker } that there is none
call-line-open = Not promised: { $item }
call-line-declined = { $who } declined at { $declined_at }: { $reason }

## How far a request is, and each item of it

liaison-open = OPEN
liaison-partially = PARTLY PROMISED
liaison-answered = ANSWERED
liaison-declined = DECLINED by everybody who was asked
liaison-withdrawn = WITHDRAWN
liaison-expired = EXPIRED, nobody has promised anything
item-open = open
item-partially = partly promised
item-accepted = promised
item-provisional = promised under conditions that the asker has not accepted
item-declined = declined by everybody who was asked

## How far a session is

session-open = NOT AGREED
session-agreed = AGREED, a text and not an order
session-withdrawn = CLOSED by whoever opened it
session-expired = EXPIRED without a text that all agree to
