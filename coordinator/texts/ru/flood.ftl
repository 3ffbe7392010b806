### Очень много новых карточек, показанных одной группой.

flood-group = Группа новых карточек для { $about }: всего { NUMBER($count, useGrouping: 0) }
flood-next = Сначала посмотрите самые тяжёлые карточки группы, затем подтвердите группу
flood-severity = { $severity ->
    [Extreme] Чрезвычайная
    [Severe] Тяжёлая
    [Moderate] Умеренная
   *[Minor] Малая
 }: { NUMBER($count, useGrouping: 0) }
flood-kind = { $kind ->
    [conflict] Конфликты
    [contact-lost] Потеря связи
    [late-acknowledgement] Молчание после срока
    [overdue] Просрочено
    [medical] Медицина
    [security] Безопасность
    [cannot-comply] Приказы, которые нельзя выполнить
    [request] Просьбы о помощи
    [liaison] Взаимодействие
   *[other] Прочее
 }: { NUMBER($count, useGrouping: 0) }
flood-place = В одном месте, { $place }: { NUMBER($count, useGrouping: 0) }
flood-places = В других местах: { NUMBER($count, useGrouping: 0) }
