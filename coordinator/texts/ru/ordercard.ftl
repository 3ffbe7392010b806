### An order as a card: a label and a short line each. What the issuer wrote stays in the issuer's words.

order-card-what = ПРИКАЗ
order-card-from = ОТ
order-card-who = ИСПОЛНИТЕЛЬ
order-card-task = ЗАДАЧА
order-card-where = ГДЕ
order-card-way = ПУТЬ
order-card-when = КОГДА
order-card-height = ВЫСОТА
order-card-with = СРЕДСТВА
order-card-needs = ТРЕБУЕТСЯ
order-card-frequencies = ЧАСТОТА
order-card-permitted = МОЖНО ПРОДОЛЖАТЬ
order-card-agreed = СОГЛАСОВАНО С
order-card-depends = ЗАВИСИТ ОТ
order-card-supporting = ПОДДЕРЖКА
order-card-relies = РАССЧИТЫВАЕТ НА
order-card-replaces = ЗАМЕНЯЕТ
order-card-cancels = ОТМЕНЯЕТ
order-card-changes = ИЗМЕНЯЕТ
order-card-limits = ОГРАНИЧЕНИЯ
order-card-call = СВЯЗЬ
order-card-answer = ОТВЕТ
order-card-full = ПОЛНОСТЬЮ

order-card-change = изменение приказов
order-card-answer-text = Повторите время, место и задачу. Затем ответьте WILCO или { $cannot } с кодом.
order-card-draft = Не нужен: это проект, он ничего не приказывает.
order-card-shape = район, нанесённый ниже
order-card-after-start = начало после начала { $task }
order-card-after-end = начало после окончания { $task }
order-card-before-start = начало до начала { $task }
order-card-covered-by = прикрытие: { $task }
order-card-relief-of = смена: { $task }
