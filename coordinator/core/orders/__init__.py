"""Orders and requests: who was told, who has understood, who said yes, and who has a call for help. Pure.

Everything is a function of the set of messages, so it is the same in whatever order they came, and after a restart.

* `readback`: what the acting unit understood, held against the order as it is in force;
* `misread`: what a unit read back last, and whether it contradicts the order: then its WILCO does not count;
* `standing`: how far each performer is with an order, and whether the order is coordinated;
* `requests`: how far a request is, and who has it until it is done or refused;
* `calls`: messages about requests and sessions, found by what they are about, with who may read them;
* `waiting`: until when a request may stay as it is, before it becomes a card;
* `evacuations`, `injuries`: the same for the evacuation of casualties, with its clock from the injury.

Source: design §5; reference domain.md R-04, R-07, R-08, R-15, R-21.
"""
