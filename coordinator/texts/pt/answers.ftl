### What a sender is told of its input, around what the bus found in it: the parts of one answer, a line each.

answer-accepted = ACEITE: { $name }
answer-refused = RECUSADO: { $name }
answer-kept = GUARDADO: { $name }. A resposta virá mais tarde por este canal.
answer-where = onde: { $path }
answer-why = motivo: { $why }
answer-mend = para corrigir: { $hint }
answer-again = já recebido: nada foi enviado duas vezes
answer-ids = identificadores: { $ids }
answer-more = e mais { $count }
answer-positions = posições: { $count }
answer-losses = valores guardados sem campo: { $count }
answer-look = verifique: { $text }
answer-input = entrada: { $input }
