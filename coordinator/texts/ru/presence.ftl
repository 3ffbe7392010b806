### Lost contact and bearers that are down: what was going on before. $valid is the text valid-as-of.

line-valid = { $text } ({ $valid })
card-bearer-down = Канал связи не действует{ $scene }
contact-lost-emergency = Нет связи после донесения о чрезвычайной ситуации: { $about }{ $count ->
    [0] { "" }
    [one] , не доставлена { NUMBER($count, useGrouping: 0) } карточка, высшая степень { $severity }
    [few] , не доставлены { NUMBER($count, useGrouping: 0) } карточки, высшая степень { $severity }
    [many] , не доставлено { NUMBER($count, useGrouping: 0) } карточек, высшая степень { $severity }
   *[other] , не доставлено { NUMBER($count, useGrouping: 0) } карточки, высшая степень { $severity }
 }
contact-lost-next = Вызовите голосом: { $who }; или узнайте, у кого есть связь
bearer-down = Канал связи { $bearer } не действует с { $down_at }: через него ни с кем нет связи
bearer-child = { $who }: нет связи с { $lost_at }{ $count ->
    [0] { "" }
    [one] ; не доставлена { NUMBER($count, useGrouping: 0) } карточка
    [few] ; не доставлены { NUMBER($count, useGrouping: 0) } карточки
    [many] ; не доставлено { NUMBER($count, useGrouping: 0) } карточек
   *[other] ; не доставлено { NUMBER($count, useGrouping: 0) } карточки
 }
bearer-next = Запросите связистов о канале { $bearer }; ищите связь другим путём
lost-after-incident = До этого поступило донесение, происшествие: { $id }
lost-after-medevac = До этого была запрошена медицинская эвакуация: { $id }
lost-after-flash = До этого было сообщение высшей срочности: { $id }
lost-last-report = Последнее донесение: { $id }
lost-no-report = Последнее донесение: { no-information }
lost-last-position = Последнее местоположение: { $place }
lost-no-position = Последнее местоположение: { no-information }
lost-last-request = Последний запрос, { $said_at }: { $asked } ({ $id })
lost-orders = Без подтверждения: { $count ->
    [one] { NUMBER($count, useGrouping: 0) } приказ
    [few] { NUMBER($count, useGrouping: 0) } приказа
    [many] { NUMBER($count, useGrouping: 0) } приказов
   *[other] { NUMBER($count, useGrouping: 0) } приказа
 }
lost-silence = Запланированное молчание окончилось { $end_at }
lost-again = Связь недавно терялась: { $count ->
    [one] { NUMBER($count, useGrouping: 0) } раз
    [few] { NUMBER($count, useGrouping: 0) } раза
    [many] { NUMBER($count, useGrouping: 0) } раз
   *[other] { NUMBER($count, useGrouping: 0) } раза
 }
