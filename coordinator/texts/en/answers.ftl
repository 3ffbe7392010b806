### What a sender is told of its input, around what the bus found in it: the parts of one answer, a line each.

answer-accepted = ACCEPTED: { $name }
answer-refused = REFUSED: { $name }
answer-kept = KEPT: { $name }. The answer comes later by this channel.
answer-where = at: { $path }
answer-why = because: { $why }
answer-mend = to mend it: { $hint }
answer-again = seen before: nothing was sent twice
answer-ids = known as: { $ids }
answer-more = and { $count } more
answer-positions = positions: { $count }
answer-losses = values kept unmapped: { $count }
answer-look = look at: { $text }
answer-input = input: { $input }
