### Слова, из которых составлены предложения о конфликтах.

## Кто, где, когда

order-named = { $id } ({ $what })
order-unnamed = приказ, который нельзя назвать
order-another = другой приказ
list-both = { $first } и { $next }
list-either = { $first } или { $next }
list-others = { $names } и другие
where-there = на месте
where-at = место: { $place }
when-nothing = { "" }
when-always = { " " }в любое время
when-from = { " " }с { $start }
when-until = { " " }до { $end }
when-between = { " " }с { $start } до { $end }
scene-nowhere = { $when }
scene-where = { " " }(место: { $place }){ $when }
word-nothing = { "" }
word-quoted = { " " }«{ $word }»

## Отношение подчинения и то, что его ограничивает

relation = { $superior } { $name } { $unit }{ $for }{ $when }{ $also }
relation-all = { "" }
relation-for = , задачи: { $actions }

## Чем является сообщение

what-exclusive = { $what }, исключительное право
what-order = приказ
what-order-to-move = приказ: передвижение
what-order-to-patrol = приказ: патрулирование
what-order-to-observe = приказ: наблюдение
what-order-to-hold = приказ: удержание позиции
what-order-to-secure = приказ: охрана
what-order-to-escort = приказ: сопровождение
what-order-to-block = приказ: блокирование
what-order-to-control = приказ: удержание района
what-order-to-search = приказ: поиск
what-order-to-clear = приказ: очистка
what-order-to-engineer = приказ: инженерные работы
what-order-to-resupply = приказ: снабжение
what-order-to-medevac = приказ: медицинская эвакуация
what-order-to-air-mission = приказ: полёт
what-order-to-airspace = приказ: воздушное пространство
what-order-to-use-of-force = приказ: применение силы
what-order-to-comms = приказ: связь
what-order-to-aid = приказ: помощь
what-patrol-movement = патруль
what-convoy-movement = колонна
what-logistics-movement = передвижение тыла
what-humanitarian-movement = гуманитарное передвижение
what-flight-movement = полёт
what-vessel-movement = передвижение судна
what-recce-movement = разведка
what-admin-movement = служебное передвижение
what-range-hazard = стрельба на полигоне
what-demolition-hazard = подрывные работы
what-illumination-hazard = осветительный огонь
what-fire-hazard = опасность пожара
what-spray-hazard = распыление
what-uxo-hazard = неразорвавшиеся боеприпасы
what-mine-hazard = мины
what-impact-hazard = район падения
what-other-hazard = опасность
what-incident = происшествие { $category }
what-protected-site = охраняемый объект

## Что требует приказ

action-move = передвижение
action-patrol = патрулирование
action-observe = наблюдение
action-hold = удержание позиции
action-secure = охрана
action-escort = сопровождение
action-block = блокирование
action-control = удержание района
action-search = поиск
action-clear = очистка
action-engineer = инженерные работы
action-resupply = снабжение
action-medevac = эвакуация раненых
action-air-mission = полёт
action-airspace = управление воздушным пространством
action-use-of-force = применение силы
action-comms = организация связи
action-aid = оказание помощи
action-other = другое действие

## Почему конфликт только возможен

doubt-times = время указано неточно
doubt-progress = положение на маршруте указано неточно
doubt-heights = разделение по высоте не доказано, высоты отсчитаны по-разному
doubt-unit = это может быть только часть подразделения
doubt-position = положение подразделения известно неточно
doubt-positions = положение дано лишь в пределах круговой ошибки
doubt-effort = слишком много данных для сравнения по частям
doubt-relation = отношение подчинения действует не всё время задачи
doubt-action = у шины нет слова для этого действия
doubt-reach = место внутри, но его окрестность выходит за границу
doubt-place = в одном из них нет читаемого места
doubt-speed = скорость подразделения известна неточно
doubt-extent = снаружи только часть места
doubt-caveat-units = это связывает часть подразделения
doubt-caveat-vehicles = о машинах известно недостаточно
doubt-caveat-transport = могут перевозиться другие
doubt-caveat-scope = в заявлении не названа задача
doubt-caveat-place = место неизвестно
doubt-caveat-night = не установлено, что солнце тогда зашло

## Что изменило состояние

why-amended = изменено: { $names }
why-revised = пересмотрено: { $names }
why-withdrawn = отозвано: { $names }
why-re-rated = класс изменён: { $names }
why-over = время прошло
why-past = конфликт был
why-list = { $first }; { $next }
