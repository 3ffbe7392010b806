### Что говорится о конфликте или карточке одной строкой.

## Части

scene-place = (место: { $place })
scene-time = { $window }
call = { $own ->
    [yes] ; решение за вами
   *[no] ; свяжитесь: { $arbiter }
 }
list-and = { $first }, { $next }
another-activity = другое действие

kind-directive = приказ
kind-movement = передвижение
kind-hazard = извещение об опасности
kind-protected-site = охраняемый объект
kind-route-state = донесение о маршруте
kind-medevac = медицинская эвакуация
kind-agreement = соглашение
kind-other = действие

## Последствие, никогда не причина

torn-incompatible-activities = { $own ->
    [yes] У вас затронуто другим действием: { $what }
   *[no] Затронуто другим действием: { $what }
 } { $party }{ $scene }{ $call }
torn-infeasible = { $own ->
    [yes] У вас нельзя выполнить в нынешнем виде: { $what }
   *[no] Нельзя выполнить в нынешнем виде: { $what }
 } { $party }{ $scene }{ $call }
torn-broken-dependency = { $own ->
    [yes] У вас зависит от того, что не обеспечено: { $what }
   *[no] Зависит от того, что не обеспечено: { $what }
 } { $party }{ $scene }{ $call }
torn-nothing = Вас касается вопрос согласования{ $scene }{ $call }

## Конфликты, для тех, кому можно знать всё

finding-incompatible-activities = { $parties }{ $scene }: эти действия несовместимы{ $call }
finding-contradictory-orders = { $parties }{ $scene }: эти приказы противоречат друг другу{ $call }
finding-asset-overbooked = { $parties }{ $scene }: одни и те же средства задействованы более одного раза{ $call }
finding-route-capacity = { $parties }{ $scene }: больше, чем выдерживает маршрут{ $call }
finding-uncoordinated-entry = { $parties }{ $scene }: вход в чужой район без согласования{ $call }
finding-prohibited-zone = { $parties }{ $scene }: внутри запретной зоны{ $call }
finding-restricted-zone = { $parties }{ $scene }: внутри зоны ограничения{ $call }
finding-caveat = { $parties }{ $scene }: действует национальное ограничение{ $call }
finding-mandate = { $parties }{ $scene }: за рамками зарегистрированного мандата{ $call }
finding-authority = { $parties }{ $scene }: издатель не руководит подразделением, которому поставлена задача{ $call }
finding-command-fork = { $parties }{ $scene }: одним подразделением руководят два штаба{ $call }
finding-stale-order = { $parties }{ $scene }: этот приказ заменён, но ещё исполняется{ $call }
finding-frequency = { $parties }{ $scene }: используется одна и та же частота{ $call }
finding-broken-dependency = { $parties }{ $scene }: изменилась задача, от которой зависит эта{ $call }
finding-infeasible = { $parties }{ $scene }: невыполнимо в данное время или на данной местности{ $call }
finding-not-acknowledged = { $parties }{ $scene }: не подтверждено, а начало близко{ $call }
finding-misread = { $parties }{ $scene }: повторено иначе, WILCO пока не засчитывается{ $call }
finding-duplicate-task = { $parties }{ $scene }: одна задача поставлена дважды{ $call }
finding-undecidable = { $parties }{ $scene }: не удалось прочесть то, от чего это зависит{ $call }
finding-task-deviation = { $parties }{ $scene }: донесение отличается от задачи{ $call }
