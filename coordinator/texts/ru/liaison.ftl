### Просьбы о помощи, запросы по линии взаимодействия и совещания.

## Карточка о просьбе о помощи

call-untaken = Просьба о помощи { $request }, заявитель { $who_asker }: до { $due_at } её никто не взял. { $subject }
call-declined = Просьба о помощи { $request }, заявитель { $who_asker }: отказались все, кого просили. Теперь она у { $who_owner } с { $since_at }. { $subject }
call-promised = Просьба о помощи { $request }, заявитель { $who_asker }: { $who_owner } обещает с { $since_at }, к { $due_at } нет ни приказа, ни движения. { $subject }
call-ordered = Просьба о помощи { $request }, заявитель { $who_asker }: есть приказ, она у { $who_owner } с { $since_at }, к { $due_at } нет движения. { $subject }
call-partly = Просьба о помощи { $request }, заявитель { $who_asker }: к { $due_at } обещана только часть. Остальное у { $who_owner }. { $subject }
call-untaken-next = Ответьте, заявитель { $who_asker }: пообещайте или откажитесь с указанием причины
call-declined-next = Найдите другого исполнителя или откажите окончательно; известите { $who_asker }
call-promised-next = Спросите голосом { $who_owner }, есть ли движение, и сообщите { $who_asker }, как обстоит дело
call-ordered-next = Спросите голосом { $who_owner }, где это находится, и сообщите { $who_asker }, как обстоит дело
call-partly-next = Найдите остальное или сообщите { $who_asker }, что его нет
call-line-open = Не обещано: { $item }
call-line-declined = { $who }: отказ в { $declined_at }: { $reason }

## Как обстоит дело с запросом и с каждой его позицией

liaison-open = ОТКРЫТ
liaison-partially = ОБЕЩАН ЧАСТИЧНО
liaison-answered = ОТВЕТ ДАН
liaison-declined = ОТКАЗ всех, кого просили
liaison-withdrawn = ОТОЗВАН
liaison-expired = СРОК ИСТЁК, никто ничего не обещал
item-open = без ответа
item-partially = обещано частично
item-accepted = обещано
item-provisional = обещано на условиях, которых заявитель не принял
item-declined = отказались все, кого просили

## Как обстоит дело с совещанием

session-open = НЕ СОГЛАСОВАНО
session-agreed = СОГЛАСОВАНО, текст и не приказ
session-withdrawn = ЗАКРЫТО тем, кто открыл
session-expired = СРОК ИСТЁК, общего текста нет
