### What is said about channels themselves: a test of one, a card that is repeated, something that never arrived.

channel-test = TEST. This tries the channel { $channel } of { $who }. Nothing is to be done.
repeat-head = REPEATED: not acknowledged yet
undelivered-flash = { $who } did not get a FLASH message by the channel { $channel }
undelivered-next = Reach { $who } by voice, then have the channel looked at
emergency-over = This emergency is over
card-undelivered = A FLASH message was not delivered{ $scene }
