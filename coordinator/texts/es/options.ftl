### Salidas de un hallazgo: lo que haría un cambio, o con quién se puede hablar.

## Un cambio calculado

option-removes = { $change } elimina el hallazgo, y no crea otro{ $scope }.
option-others-remain = Sus otros hallazgos pueden quedar.
option-not-checked = { $change }: no comprobado.
option-no-shift = No se encontró otra hora dentro del límite de la misión para { $order }{ $scope }.
scope-nothing = { "" }
scope-known = { $count ->
    [one] { " " }entre { NUMBER($count, useGrouping: 0) } orden conocida
   *[other] { " " }entre { NUMBER($count, useGrouping: 0) } órdenes conocidas
 }
change-later = { $order } { $time } más tarde
change-earlier = { $order } { $time } más temprano
change-altitude = { $order } de { $lower } a { $upper }
change-channel = { $order } en { $channel }
change-route = { $order } por { $route }
change-asset = { $order } con { $asset }
change-move-out = { $order } desplazado { $distance }
change-move-out-towards = { $order } desplazado { $distance } hacia { $bearing } grados
change-reduce = { $order } con un efecto reducido en { $distance }
level-any = cualquier altura

## Lo que se puede pedir o hablar

option-shift = Otra hora para { $order }.
option-headway = Más espaciamiento para { $order }.
option-altitude = Otra altura para { $order }.
option-channel = Otra frecuencia para { $order }.
option-route = Otra ruta para { $order }.
option-asset = Otros medios para { $order }.
option-move-out = Otro lugar para { $order }.
option-reduce = Un efecto menor de { $order }.
option-liaison = Se puede hablar con { $who } sobre { $order }.
option-permission = Se puede pedir a { $who } permiso para { $order }.
option-coordinate = Se puede pedir a { $who } que coordine { $order }.
option-refer = { $who } puede decidir.
option-split = La unidad puede dividirse entre las tareas: { $order }.
option-cover = Se puede añadir cobertura para { $order }.
option-withdraw = { $who } puede retirar { $order }.
option-re-issue = { $who } puede emitir { $order } de nuevo.
option-acknowledge = { $who } puede acusar recibo de { $order }.
option-merge = { $order } se puede unir con la otra tarea.
option-fix-field = { $who } puede corregir { $order }.
issuer-unknown = El emisor
