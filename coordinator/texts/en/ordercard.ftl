### An order as a card: a label and a short line each. What the issuer wrote stays in the issuer's words.

order-card-what = ORDER
order-card-from = FROM
order-card-who = WHO ACTS
order-card-task = TASK
order-card-where = WHERE
order-card-way = WAY
order-card-when = WHEN
order-card-height = HEIGHT
order-card-with = WITH
order-card-needs = NEEDS
order-card-frequencies = FREQUENCY
order-card-permitted = MAY GO ON
order-card-agreed = AGREED WITH
order-card-depends = DEPENDS ON
order-card-supporting = IN SUPPORT
order-card-relies = RELIES ON
order-card-replaces = REPLACES
order-card-cancels = CANCELS
order-card-changes = CHANGES
order-card-limits = LIMITS
order-card-call = CALL
order-card-answer = ANSWER
order-card-full = IN FULL

order-card-change = change of orders
order-card-answer-text = Read back time, place and task. Then say WILCO, or { $cannot } with a code.
order-card-draft = None: this is a draft and orders nothing.
order-card-shape = the area drawn below
order-card-after-start = starts after the start of { $task }
order-card-after-end = starts after the end of { $task }
order-card-before-start = starts before the start of { $task }
order-card-covered-by = is covered by { $task }
order-card-relief-of = relieves { $task }
