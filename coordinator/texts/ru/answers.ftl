### What a sender is told of its input, around what the bus found in it: the parts of one answer, a line each.

answer-accepted = ПРИНЯТО: { $name }
answer-refused = ОТКЛОНЕНО: { $name }
answer-kept = СОХРАНЕНО: { $name }. Ответ придёт позже по этому каналу.
answer-where = где: { $path }
answer-why = причина: { $why }
answer-mend = как исправить: { $hint }
answer-again = уже получено: ничего не отправлено дважды
answer-ids = идентификаторы: { $ids }
answer-more = и ещё { $count }
answer-positions = позиции: { $count }
answer-losses = значения, сохранённые без поля: { $count }
answer-look = проверьте: { $text }
answer-input = ввод: { $input }
