### Что говорят карточки: что произошло и что делать дальше.

## Что произошло

card-conflict = Конфликт{ $scene }: { $parties }
card-misread = Повторено иначе, чем приказано{ $scene }: { $parties }
card-crowd = Конфликт{ $scene }: всего случаев { NUMBER($count, useGrouping: 0) }, перечислены самые тяжёлые
card-affected = Затронуто{ $scene }: { $parties }
card-torn = Вас касается вопрос согласования{ $scene }
card-contact-lost = Нет связи: { $about }{ $count ->
    [0] { "" }
    [one] , не доставлена { NUMBER($count, useGrouping: 0) } карточка, высшая степень { $severity }
    [few] , не доставлены { NUMBER($count, useGrouping: 0) } карточки, высшая степень { $severity }
    [many] , не доставлено { NUMBER($count, useGrouping: 0) } карточек, высшая степень { $severity }
   *[other] , не доставлено { NUMBER($count, useGrouping: 0) } карточки, высшая степень { $severity }
 }
card-late-acknowledgement = Нет подтверждения: { $about }{ $scene }
late-acknowledgement-call = Нет подтверждения: { $about }{ $scene }; вызовите голосом
card-not-accepted = Ваше действие ничего не изменило
not-accepted-stale = Ваше действие ничего не изменило: карточка изменилась после того, как вы её видели
not-accepted-merged = Ваше действие ничего не изменило: карточка теперь часть другой
not-accepted-settled = Ваше действие ничего не изменило: по этой карточке делать больше нечего
not-accepted-unknown = Ваше действие ничего не изменило: такой карточки вам не показывали
not-accepted-unsupported = Ваше действие ничего не изменило: с этой карточкой так нельзя
card-integrity = Записи в нынешнем виде доверять нельзя: сообщите оператору
card-overdue = Просрочено: { $about }{ $scene }
card-medical = Экстренный медицинский случай{ $scene }
card-security = Происшествие в сфере безопасности{ $scene }
card-cannot-comply = { $about } не может выполнить приказ{ $scene }
card-request = Просьба о помощи{ $scene }
card-liaison = Вопрос связи взаимодействия{ $scene }
card-unwatched = Никто не несёт дежурство{ $scene }
card-imbalance = Стороны извещены не одновременно{ $scene }
card-disagreement = Донесения не согласуются{ $scene }
card-flood = Очень много новых карточек: они показаны группами

## Что делать дальше

next-acknowledge = { $known ->
    [own] Подтвердите, затем урегулируйте: решение за вами
    [yes] Подтвердите, затем урегулируйте с { $arbiter }
   *[no] Подтвердите
 }
next-settle = { $known ->
    [own] Урегулируйте: решение за вами
    [yes] Урегулируйте с { $arbiter }
   *[no] Урегулируйте с теми, кого это касается
 }
next-wait = Ждите подтверждений, которые это устраняют
next-wait-for = Ждите подтверждения: { $names }
next-others = Вы подтвердили; другие ещё нет
next-nothing = Делать ничего не нужно
