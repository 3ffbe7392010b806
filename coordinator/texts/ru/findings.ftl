### Конфликт полностью, для тех, кому можно знать всё. См. en/findings.ftl. Названия не склоняются и стоят после двоеточия.

## Несовместимые действия

said-incompatible-activities = { $first } и { $second } несовместимы.
said-incompatible-activities-both = { $sure ->
    [possible] Возможно, одновременно
   *[definite] Одновременно
 } ({ $where }){ $when }, вопреки правилу { $rule }.
said-incompatible-activities-gap = Промежуток: { $gap }. { $rule } требует { $required }.
said-incompatible-activities-distance = { $sure ->
    [possible] Расстояние может сократиться до
   *[definite] Расстояние сокращается до
 } { $distance }. { $rule } требует { $required }.
said-incompatible-activities-meet = { $sure ->
    [possible] Они могут встретиться
   *[definite] Они встречаются
 }. { $rule } требует { $required } между ними.
said-incompatible-activities-heights = Разность высот: { $vertical }. { $rule } требует { $required }.
said-incompatible-activities-level = Высоты перекрываются. { $rule } требует { $required } между ними.
said-incompatible-activities-precedence = Миссия опубликовала: { $rule }.
said-incompatible-activities-advice = Правила миссии: { $advice }.

## Что выдерживает маршрут

said-route-capacity = { $order } использует { $place }{ $when }.
said-route-capacity-closed = { $place }: по донесению, закрыто.
said-route-capacity-load-class = Класс нагрузки машин: { $required }. { $place } выдерживает класс { $carried }.
said-route-capacity-both = { $first } и { $second } используют { $place }.
said-route-capacity-when = Оба могут быть там{ $when }.
said-route-capacity-direction = Направления противоположны на одной полосе.
said-route-capacity-headway = Промежуток: { $gap }. Требуемая дистанция: { $required }.

## Приказы с неверными ссылками или без ответа

said-stale-order-stale = { $order } ссылается на { $cited }: этот документ больше не действует.
said-stale-order-missing = { $order } ссылается на { $cited }: этот документ неизвестен.
said-stale-order-authority = { $order } изменяет { $cited } без полномочий в отношении его издателя.
said-stale-order-fork = { $orders }: каждый заменяет один и тот же приказ.
said-stale-order-cycle = { $orders } заменяют друг друга по кругу.
said-stale-order-acknowledged = { $names }: подтверждена прежняя версия { $order }, не действующая.
said-not-acknowledged = { $count ->
    [one] { $names }: нет ответа
    [few] { $names }: нет ответов
    [many] { $names }: нет ответов
   *[other] { $names }: нет ответов
 } на { $order }.
said-start = Начало: { $start }. Ответ требуется за { $notice } до него.
said-misread = { $names }: повторено иначе, чем { $order }.
said-misread-open = WILCO не засчитывается, пока приказ не повторён так, как он есть.

## Что приказано одному подразделению

said-contradictory-orders = { $first } и { $second } ставят задачу одному подразделению на одно время.
said-contradictory-orders-when = Обе задачи могут выполняться{ $when }.
said-contradictory-orders-exclusive = По правилам миссии для одного подразделения несовместимы: { $one }, { $other }.
said-contradictory-orders-remain = Один приказ оставляет подразделение на месте, другой требует его в другом месте.
said-contradictory-orders-apart = Расстояние между местами: { $distance }.
said-contradictory-orders-travel = Путь занимает { $travel } при скорости { $speed }.
said-contradictory-orders-spare = Промежуток между задачами: не более { $gap }.
said-command-fork = { $first } и { $second } ставят задачу одному подразделению{ $when }.
said-command-fork-issuers = Издатели { $one } и { $other }: ни один не руководит другим.
said-authority = Миссия не регистрирует полномочий { $issuer } на { $order }{ $when }.
said-units = { $count ->
    [one] Подразделение: { $units }.
    [few] Подразделения: { $units }.
    [many] Подразделения: { $units }.
   *[other] Подразделения: { $units }.
 }
said-relation = Зарегистрировано: { $relation }.
said-mandate = { $sure ->
    [possible] { $order } может выходить за рамки мандата
   *[definite] { $order } выходит за рамки мандата
 }{ $scene }.
said-mandate-actions = Ни один пункт не охватывает это действие.
said-mandate-place = Место вне охваченной местности.
said-mandate-period = Мандат охватывает не всё это время.
said-mandate-reference = Требуется полномочие, но ссылки на него нет.
said-mandate-clause = Пункт: { $clause }.
said-duplicate-task = { $first } и { $second } приказывают одно и то же.
said-duplicate-task-both = { $sure ->
    [possible] Возможно, одновременно
   *[definite] Одновременно
 } ({ $where }){ $when }.
said-duplicate-task-unaware = Их выполняют разные контингенты, и ни один приказ не называет другой.
said-duplicate-task-apart = Места различаются на { $distance }; до { $required } считаются одним.

## Общие средства, частоты, зависимости, нехватка времени

said-asset-overbooked = { $count ->
    [one] { $orders } требует { $asset }{ $when }.
    [few] { $orders } требуют { $asset }{ $when }.
    [many] { $orders } требуют { $asset }{ $when }.
   *[other] { $orders } требуют { $asset }{ $when }.
 }
said-asset-overbooked-uncounted = Около этого времени заявок так много, что сравнены не все сочетания.
said-asset-overbooked-perhaps = Возможно, обещано слишком много.
said-asset-overbooked-crowd = Слишком много сочетаний превышают предел: вместе { $count ->
    [one] назван { NUMBER($count, useGrouping: 0) } заявитель
    [few] названы все { NUMBER($count, useGrouping: 0) } заявителя
    [many] названы все { NUMBER($count, useGrouping: 0) } заявителей
   *[other] названы все { NUMBER($count, useGrouping: 0) } заявителя
 }.
said-asset-overbooked-turnaround = Промежуток: { $gap }. Подготовка между задачами занимает { $required }.
said-asset-overbooked-total = Требуется: { $total }. Одновременно можно выдать: { $capacity }.
said-asset-overbooked-owner = { $authority } решает по { $asset }.
said-frequency = { $first } использует { $one }, { $second } использует { $other }.
said-frequency-apart = Разнос: { $apart }. { $rule } требует { $required }.
said-frequency-when = Оба могут быть в эфире{ $when }.
said-frequency-anywhere = { $rule } требует { $required } между ними.
said-frequency-distance = { $sure ->
    [possible] Расстояние может сократиться до
   *[definite] Расстояние сокращается до
 } { $distance }. { $rule } требует { $required }.
said-frequency-kept = { $order } использует { $one }.
said-frequency-taboo = { $other }: закреплена за { $holder } (TABOO).
said-frequency-protected = { $other }: закреплена за { $holder } (PROTECTED).
said-frequency-guarded = { $other }: закреплена за { $holder } (GUARDED).
said-frequency-near = Разнос: { $apart }. Требуемый разнос: { $required }.
said-broken-dependency-draft = { $order } зависит от { $cited }: документ не издан.
said-broken-dependency-after-start = { $own }: начало назначено после начала { $task }.
said-broken-dependency-after-end = { $own }: начало назначено после окончания { $task }.
said-broken-dependency-before-start = { $own }: окончание назначено до начала { $task }.
said-broken-dependency-relief-of = { $own } сменяет { $task }: начало назначено до её окончания.
said-broken-dependency-time = { $own }: прикрытие назначено от { $task }.
said-broken-dependency-place = { $own }: прикрытие назначено от { $task }.
said-broken-dependency-when = { $sure ->
    [possible] Это может не выполняться
   *[definite] Это не выполняется
 }{ $when }.
said-broken-dependency-where = { $sure ->
    [possible] Прикрытие может охватывать не всё место.
   *[definite] Прикрытие охватывает не всё место.
 }
said-broken-dependency-as-at = Прикрытия может не быть: { $where }.
said-broken-dependency-by = Не хватает: { $gap }.
said-infeasible-route = { $order }: на часть пути есть { $gap }.
said-infeasible-route-to = Конец этой части: { $where }.
said-infeasible-between = { $count ->
    [one] { $units } имеет { $gap } между { $orders }.
    [few] { $units } имеют { $gap } между { $orders }.
    [many] { $units } имеют { $gap } между { $orders }.
   *[other] { $units } имеют { $gap } между { $orders }.
 }
said-infeasible-needed = Необходимо { $required } с отдыхом, который требует миссия.
said-infeasible-way = { $distance } пути занимают { $travel } при скорости { $speed }.

## Районы, зоны и национальные ограничения

said-uncoordinated-entry = { $sure ->
    [possible] { $order } может быть в
   *[definite] { $order } находится в
 } { $zone }, районе { $authority }{ $when }.
said-uncoordinated-entry-through = Вход: { $entry }. Выход: { $exit }.
said-uncoordinated-entry-inside = Длина пути внутри: { $inside }.
said-uncoordinated-entry-word = Согласование с { $authority } для этого не зарегистрировано.
said-prohibited-zone = { $sure ->
    [possible] { $order } может быть в
   *[definite] { $order } находится в
 } { $zone }, где это запрещено{ $when }.
said-prohibited-zone-authority = Исключение не может сделать никто ниже { $authority }.
said-restricted-zone = { $sure ->
    [possible] { $order } может затрагивать
   *[definite] { $order } затрагивает
 } { $zone }, зону ограничения{ $when }.
said-restricted-zone-authority = Разрешение { $authority } не зарегистрировано.
said-zone-distance = { $sure ->
    [possible] Расстояние может сократиться до
   *[definite] Расстояние сокращается до
 } { $distance }. Требуется { $required }.
said-zone-basis = Основание: { $basis }.
said-caveat = { $sure ->
    [possible] Заявленное ограничение { $authority }, { $cited }, может быть несовместимо с { $order }.
   *[definite] Заявленное ограничение { $authority }, { $cited }, несовместимо с { $order }.
 }
said-caveat-asked = Приказ требует: { $action }{ $when }.
said-caveat-task = Это касается его задачи{ $when }.

## Наблюдаемое отличается от приказанного

said-task-deviation = { $order }: место для { $units } — { $place }{ $when }.
said-task-deviation-left = Замечен уход: { $units }, { $place }, { $seen }.
said-task-deviation-outside = Замечено вне места: { $units }, { $place }, { $seen }.
said-task-deviation-distance = Расстояние: { $distance }. До { $required } считается на месте.
said-task-deviation-coverage-not-assured = { $place }: прикрытие не обеспечено{ $when }.
said-task-deviation-concerns = Это касается: { $orders }.

## Что не удалось проверить

said-undecidable-missing = { $order } не удалось проверить: отсутствует { $field }{ $word }.
said-undecidable-reversed = { $order } не удалось проверить: { $field }{ $word }, конец раньше начала.
said-undecidable-empty = { $order } не удалось проверить: { $field }{ $word }, нет длительности.
said-undecidable-unreadable = { $order } не удалось проверить: { $field }{ $word }, прочесть нельзя.
said-undecidable-unknown-place = { $order } не удалось проверить: { $field }{ $word }, такого места в миссии нет.
said-undecidable-unknown-route = { $order } не удалось проверить: { $field }{ $word }, такого маршрута в миссии нет.
said-undecidable-unknown-unit = { $order } не удалось проверить: { $field }{ $word }, такого подразделения в миссии нет.
said-undecidable-unknown-section = { $order } не удалось проверить: { $field }{ $word }, такого участка в миссии нет.
said-undecidable-unknown-asset = { $order } не удалось проверить: { $field }{ $word }, такого средства в миссии нет.
said-undecidable-off-route = { $order } не удалось проверить: { $field }{ $word }, вне названного маршрута.
said-undecidable-no-such-point = { $order } не удалось проверить: { $field }{ $word }, такой точки на маршруте нет.
said-undecidable-open-ring = { $order } не удалось проверить: { $field }{ $word }, контур не замкнут.
said-undecidable-wide-ring = { $order } не удалось проверить: { $field }{ $word }, шире половины земли.
said-undecidable-wide-path = { $order } не удалось проверить: { $field }{ $word }, шире половины земли.
said-undecidable-crossing-ring = { $order } не удалось проверить: { $field }{ $word }, контур пересекает себя.
said-undecidable-too-long = { $order } не удалось проверить: { $field }{ $word }, длиннее проверяемого.
said-undecidable-upside-down = { $order } не удалось проверить: { $field }{ $word }, пределы перевёрнуты.
said-undecidable-no-extent = { $order } не удалось проверить: { $field }{ $word }, фигура без протяжённости.
said-undecidable-no-load-class = { $order } не удалось проверить: { $field }{ $word }, нет известного класса нагрузки.
said-undecidable-no-amount = { $order } не удалось проверить: { $field }{ $word }, количество нулевое.
said-undecidable-no-speed = { $order } не удалось проверить: { $field }{ $word }, нет передвижения с известной скоростью.
said-undecidable-ambiguous = { $order } не удалось проверить: { $field }{ $word }, может означать несколько приказов.
said-undecidable-two-contents = { $order } не удалось проверить: { $field }{ $word }, получено с двумя разными содержаниями.
said-undecidable-over-capacity = { $order } не удалось проверить: приказов больше, чем { $field } позволяет сравнить.
said-undecidable-open = Конфликт исключить нельзя.

## Что под сомнением, каково состояние, кто может решить

said-possible = Возможно: { $doubt }.
said-state-open-past = Время прошло.
said-state-acknowledged = Подтверждено.
said-state-waived = Сделано исключение.
said-state-closed = Закрыто.
said-state-closed-why = Закрыто: { $why }.
said-state-waived-why = Сделано исключение: { $why }.
said-state-acknowledged-why = Подтверждено: { $why }.
said-state-resolved-if-acknowledged = Устранено, как только подтвердят: { $names }.
said-arbiter = { $arbiter } может решить.
