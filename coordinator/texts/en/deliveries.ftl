### The words around what goes out by a channel in plain text: labels in capitals, one a line.

label-id = ID
label-origin = FROM
label-level = LEVEL
label-state = STATE
label-what = WHAT
label-between = BETWEEN
label-when = WHEN
label-where = WHERE
label-holder = WHO HAS IT
label-told = TOLD
label-decides = CAN DECIDE
label-waits = WAITS FOR
label-next = NEXT
label-way = WAY OUT
label-left = NO PLACE IN THIS FORM

holder-nobody = nobody yet
too-long = Too long for this channel: { $size } bytes, at most { $limit }. Nothing was cut. Ask { $who } for { $what }.
too-long-ask = Too long. Ask { $who }.
ask-coordinator = the coordinator
