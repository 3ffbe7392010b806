### Выходы из конфликта: что даст изменение или с кем можно говорить.

## Рассчитанное изменение

option-removes = { $change }: устраняет конфликт, нового не создаёт{ $scope }.
option-others-remain = Другие конфликты этого приказа могут остаться.
option-not-checked = { $change }: не проверено.
option-no-shift = Другое время в пределах миссии не найдено: { $order }{ $scope }.
scope-nothing = { "" }
scope-known = { $count ->
    [one] { " " }(среди { NUMBER($count, useGrouping: 0) } известного приказа)
    [few] { " " }(среди { NUMBER($count, useGrouping: 0) } известных приказов)
    [many] { " " }(среди { NUMBER($count, useGrouping: 0) } известных приказов)
   *[other] { " " }(среди { NUMBER($count, useGrouping: 0) } известных приказов)
 }
change-later = { $order } на { $time } позже
change-earlier = { $order } на { $time } раньше
change-altitude = { $order } на высоте от { $lower } до { $upper }
change-channel = { $order } на { $channel }
change-route = { $order } по { $route }
change-asset = { $order } с { $asset }
change-move-out = { $order } со сдвигом на { $distance }
change-move-out-towards = { $order } со сдвигом на { $distance }, направление { $bearing } градусов
change-reduce = { $order } с действием меньше на { $distance }
level-any = любая высота

## О чём можно просить или говорить

option-shift = Другое время: { $order }.
option-headway = Большая дистанция: { $order }.
option-altitude = Другая высота: { $order }.
option-channel = Другая частота: { $order }.
option-route = Другой маршрут: { $order }.
option-asset = Другие средства: { $order }.
option-move-out = Другое место: { $order }.
option-reduce = Меньшее действие: { $order }.
option-liaison = Можно поговорить с { $who }: { $order }.
option-permission = Можно запросить у { $who } разрешение: { $order }.
option-coordinate = Можно просить { $who } согласовать { $order }.
option-refer = { $who } может решить.
option-split = Подразделение можно разделить между задачами: { $order }.
option-cover = Можно добавить прикрытие: { $order }.
option-withdraw = { $who } может отозвать { $order }.
option-re-issue = { $who } может издать { $order } заново.
option-acknowledge = { $who } может подтвердить { $order }.
option-merge = { $order } можно объединить с другой задачей.
option-fix-field = { $who } может исправить { $order }.
issuer-unknown = Издатель
