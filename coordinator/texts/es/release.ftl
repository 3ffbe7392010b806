### Lo que se dice de un hallazgo o de una ficha en una línea.

## Piezas

scene-place = en { $place }
scene-time = { $window }
call = { $own ->
    [yes] ; usted puede decidir
   *[no] ; llame a { $arbiter }
 }
list-and = { $first }, { $next }
another-activity = otra actividad

kind-directive = orden
kind-movement = movimiento
kind-hazard = aviso de peligro
kind-protected-site = lugar protegido
kind-route-state = informe de ruta
kind-medevac = evacuación sanitaria
kind-agreement = acuerdo
kind-other = actividad

## El efecto, nunca la causa

torn-incompatible-activities = { $own ->
    [yes] Otra actividad afecta a su { $what }
   *[no] Otra actividad afecta a: { $what }
 } { $party }{ $scene }{ $call }
torn-infeasible = { $own ->
    [yes] No se puede ejecutar tal como está: su { $what }
   *[no] No se puede ejecutar tal como está: { $what }
 } { $party }{ $scene }{ $call }
torn-broken-dependency = { $own ->
    [yes] Depende de algo que no está asegurado: su { $what }
   *[no] Depende de algo que no está asegurado: { $what }
 } { $party }{ $scene }{ $call }
torn-nothing = Un problema de coordinación le concierne{ $scene }{ $call }

## Hallazgos, para quien puede saberlo todo

finding-incompatible-activities = { $parties }{ $scene }: estas actividades son incompatibles{ $call }
finding-contradictory-orders = { $parties }{ $scene }: estas órdenes se contradicen{ $call }
finding-asset-overbooked = { $parties }{ $scene }: los mismos medios se emplean más de una vez{ $call }
finding-route-capacity = { $parties }{ $scene }: más de lo que la ruta soporta{ $call }
finding-uncoordinated-entry = { $parties }{ $scene }: entrada en la zona de otro sin coordinación{ $call }
finding-prohibited-zone = { $parties }{ $scene }: dentro de una zona prohibida{ $call }
finding-restricted-zone = { $parties }{ $scene }: dentro de una zona restringida{ $call }
finding-caveat = { $parties }{ $scene }: se aplica una restricción nacional{ $call }
finding-mandate = { $parties }{ $scene }: fuera del mandato tal como está registrado{ $call }
finding-authority = { $parties }{ $scene }: el emisor no manda sobre la unidad empleada{ $call }
finding-command-fork = { $parties }{ $scene }: dos cuarteles generales mandan una unidad{ $call }
finding-stale-order = { $parties }{ $scene }: esta orden fue sustituida y aún se sigue{ $call }
finding-frequency = { $parties }{ $scene }: la misma frecuencia está en uso{ $call }
finding-broken-dependency = { $parties }{ $scene }: ha cambiado una tarea de la que esta depende{ $call }
finding-infeasible = { $parties }{ $scene }: no se puede hacer en el tiempo o el espacio dado{ $call }
finding-not-acknowledged = { $parties }{ $scene }: sin acuse de recibo, y el inicio está cerca{ $call }
finding-misread = { $parties }{ $scene }: colacionado de otro modo, WILCO aún no cuenta{ $call }
finding-duplicate-task = { $parties }{ $scene }: la misma tarea se da dos veces{ $call }
finding-undecidable = { $parties }{ $scene }: no se pudo leer algo que decide esto{ $call }
finding-task-deviation = { $parties }{ $scene }: lo comunicado difiere de la tarea{ $call }
