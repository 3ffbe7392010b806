### What a sender is told of its input, around what the bus found in it: the parts of one answer, a line each.

answer-accepted = ACEPTADO: { $name }
answer-refused = RECHAZADO: { $name }
answer-kept = GUARDADO: { $name }. La respuesta llegará más tarde por este canal.
answer-where = dónde: { $path }
answer-why = motivo: { $why }
answer-mend = para corregirlo: { $hint }
answer-again = ya recibido: nada se envió dos veces
answer-ids = identificadores: { $ids }
answer-more = y { $count } más
answer-positions = posiciones: { $count }
answer-losses = valores guardados sin campo: { $count }
answer-look = revise: { $text }
answer-input = entrada: { $input }
