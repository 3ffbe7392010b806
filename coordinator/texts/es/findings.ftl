### Un hallazgo entero, para quien puede saberlo todo. Véase en/findings.ftl.

## Actividades incompatibles

said-incompatible-activities = { $first } y { $second } son incompatibles.
said-incompatible-activities-both = { $sure ->
    [possible] Posiblemente juntos
   *[definite] Juntos
 } { $where }{ $when }, contra la regla { $rule }.
said-incompatible-activities-gap = Intervalo: { $gap }. { $rule } requiere { $required }.
said-incompatible-activities-distance = { $sure ->
    [possible] Su distancia puede bajar a
   *[definite] Su distancia baja a
 } { $distance }. { $rule } requiere { $required }.
said-incompatible-activities-meet = { $sure ->
    [possible] Pueden encontrarse
   *[definite] Se encuentran
 }. { $rule } requiere { $required } entre ellos.
said-incompatible-activities-heights = Sus alturas difieren en { $vertical }. { $rule } requiere { $required }.
said-incompatible-activities-level = Sus alturas se superponen. { $rule } requiere { $required } entre ellas.
said-incompatible-activities-precedence = La misión ha publicado: { $rule }.
said-incompatible-activities-advice = Reglas de la misión: { $advice }.

## Lo que soporta una ruta

said-route-capacity = { $order } usa { $place }{ $when }.
said-route-capacity-closed = { $place }: comunicado como cerrado.
said-route-capacity-load-class = Clase de carga de sus vehículos: { $required }. { $place } soporta la clase { $carried }.
said-route-capacity-both = { $first } y { $second } usan { $place }.
said-route-capacity-when = Ambos pueden estar allí{ $when }.
said-route-capacity-direction = Sus sentidos son opuestos en un carril único.
said-route-capacity-headway = Intervalo: { $gap }. El espaciamiento requerido es { $required }.

## Órdenes mal enlazadas, o sin respuesta

said-stale-order-stale = { $order } cita { $cited }, que ya no está en vigor.
said-stale-order-missing = { $order } cita { $cited }, que no se conoce.
said-stale-order-authority = { $order } cambia { $cited } sin autoridad sobre su emisor.
said-stale-order-fork = { $orders } sustituyen cada una la misma orden.
said-stale-order-cycle = { $orders } se sustituyen en círculo.
said-stale-order-acknowledged = { $names }: acuse de recibo de una versión anterior de { $order }, no de la vigente.
said-not-acknowledged = { $count ->
    [one] { $names } no ha respondido
   *[other] { $names } no han respondido
 } a { $order }.
said-start = Inicio: { $start }. Se espera una respuesta { $notice } antes.
said-misread = { $names } ha colacionado { $order } de otro modo.
said-misread-open = WILCO no cuenta hasta que la orden se colacione tal como está.

## Lo que se ordena a una unidad

said-contradictory-orders = { $first } y { $second } emplean la misma unidad al mismo tiempo.
said-contradictory-orders-when = Ambas pueden estar en curso{ $when }.
said-contradictory-orders-exclusive = Reglas de la misión: una unidad no puede { $one } y { $other } al mismo tiempo.
said-contradictory-orders-remain = Una orden mantiene la unidad en su lugar, la otra la quiere en otro.
said-contradictory-orders-apart = Distancia entre los dos lugares: { $distance }.
said-contradictory-orders-travel = El recorrido lleva { $travel } a { $speed }.
said-contradictory-orders-spare = Intervalo entre las tareas: { $gap } como máximo.
said-command-fork = { $first } y { $second } emplean la misma unidad{ $when }.
said-command-fork-issuers = De sus emisores { $one } y { $other }, ninguno manda sobre el otro.
said-authority = La misión no registra autoridad de { $issuer } para { $order }{ $when }.
said-units = { $count ->
    [one] Unidad: { $units }.
   *[other] Unidades: { $units }.
 }
said-relation = Registrado: { $relation }.
said-mandate = { $sure ->
    [possible] { $order } puede exceder el mandato
   *[definite] { $order } excede el mandato
 }{ $scene }.
said-mandate-actions = Ninguna cláusula cubre la acción.
said-mandate-place = El lugar no está en el terreno que cubre.
said-mandate-period = No cubre todo ese tiempo.
said-mandate-reference = Requiere una autoridad, y no se cita ninguna.
said-mandate-clause = Cláusula: { $clause }.
said-duplicate-task = { $first } y { $second } ordenan lo mismo.
said-duplicate-task-both = { $sure ->
    [possible] Posiblemente juntas
   *[definite] Juntas
 } { $where }{ $when }.
said-duplicate-task-unaware = Las ejecutan contingentes distintos, y ninguna orden nombra la otra.
said-duplicate-task-apart = Los lugares difieren en { $distance }; hasta { $required } cuentan como uno.

## Medios compartidos, frecuencias, dependencias, tiempo insuficiente

said-asset-overbooked = { $count ->
    [one] { $orders } requiere { $asset }{ $when }.
   *[other] { $orders } requieren { $asset }{ $when }.
 }
said-asset-overbooked-uncounted = Tantos otros lo requieren hacia esa hora que no se compararon todas las combinaciones.
said-asset-overbooked-perhaps = Puede haberse prometido demasiado.
said-asset-overbooked-crowd = { $count ->
    [one] Demasiadas combinaciones exceden; se nombra { NUMBER($count, useGrouping: 0) } solicitante.
   *[other] Demasiadas combinaciones exceden; se nombran juntos los { NUMBER($count, useGrouping: 0) } que lo requieren entonces.
 }
said-asset-overbooked-turnaround = Intervalo: { $gap }. Su preparación lleva { $required }.
said-asset-overbooked-total = Necesidad: { $total }. Capacidad simultánea: { $capacity }.
said-asset-overbooked-owner = { $authority } decide sobre { $asset }.
said-frequency = { $first } usa { $one }, { $second } usa { $other }.
said-frequency-apart = Separación: { $apart }. { $rule } requiere { $required }.
said-frequency-when = Ambas pueden estar en el aire{ $when }.
said-frequency-anywhere = { $rule } requiere { $required } entre ellas.
said-frequency-distance = { $sure ->
    [possible] Su distancia puede bajar a
   *[definite] Su distancia baja a
 } { $distance }. { $rule } requiere { $required }.
said-frequency-kept = { $order } usa { $one }.
said-frequency-taboo = { $other } está reservada para { $holder } (TABOO).
said-frequency-protected = { $other } está reservada para { $holder } (PROTECTED).
said-frequency-guarded = { $other } está reservada para { $holder } (GUARDED).
said-frequency-near = Separación: { $apart }. Separación requerida: { $required }.
said-broken-dependency-draft = { $order } depende de { $cited }, que no está emitida.
said-broken-dependency-after-start = { $own }: previsto para después del inicio de { $task }.
said-broken-dependency-after-end = { $own }: previsto para después del fin de { $task }.
said-broken-dependency-before-start = { $own }: fin previsto antes del inicio de { $task }.
said-broken-dependency-relief-of = { $own } releva a { $task }: inicio previsto antes de su fin.
said-broken-dependency-time = { $own }: cobertura prevista por { $task }.
said-broken-dependency-place = { $own }: cobertura prevista por { $task }.
said-broken-dependency-when = { $sure ->
    [possible] Eso puede no cumplirse
   *[definite] Eso no se cumple
 }{ $when }.
said-broken-dependency-where = { $sure ->
    [possible] La cobertura puede no alcanzar todo su lugar.
   *[definite] La cobertura no alcanza todo su lugar.
 }
said-broken-dependency-as-at = Puede faltar { $where }.
said-broken-dependency-by = Faltan { $gap }.
said-infeasible-route = { $order } tiene { $gap } para una parte de su recorrido.
said-infeasible-route-to = Esa parte termina { $where }.
said-infeasible-between = { $count ->
    [one] { $units } tiene { $gap } entre { $orders }.
   *[other] { $units } tienen { $gap } entre { $orders }.
 }
said-infeasible-needed = Se necesitan { $required }, con el descanso que la misión requiere.
said-infeasible-way = { $distance } de recorrido llevan { $travel } a { $speed }.

## Zonas y restricciones nacionales

said-uncoordinated-entry = { $sure ->
    [possible] { $order } puede estar en
   *[definite] { $order } está en
 } { $zone }, la zona de { $authority }{ $when }.
said-uncoordinated-entry-through = Entrada: { $entry }. Salida: { $exit }.
said-uncoordinated-entry-inside = Longitud del recorrido dentro: { $inside }.
said-uncoordinated-entry-word = No se registra coordinación con { $authority } para ello.
said-prohibited-zone = { $sure ->
    [possible] { $order } puede estar en
   *[definite] { $order } está en
 } { $zone }, donde está prohibido{ $when }.
said-prohibited-zone-authority = Nadie por debajo de { $authority } puede eximirlo.
said-restricted-zone = { $sure ->
    [possible] { $order } puede tocar
   *[definite] { $order } toca
 } { $zone }, zona restringida{ $when }.
said-restricted-zone-authority = No se registra permiso de { $authority }.
said-zone-distance = { $sure ->
    [possible] Su distancia puede bajar a
   *[definite] Su distancia baja a
 } { $distance }; la distancia requerida es { $required }.
said-zone-basis = Fundamento: { $basis }.
said-caveat = { $sure ->
    [possible] Una restricción declarada de { $authority }, { $cited }, puede no ser compatible con { $order }.
   *[definite] Una restricción declarada de { $authority }, { $cited }, no es compatible con { $order }.
 }
said-caveat-asked = La orden requiere: { $action }{ $when }.
said-caveat-task = Se trata de su tarea{ $when }.

## Lo visto difiere de lo ordenado

said-task-deviation = { $order } sitúa { $units } en { $place }{ $when }.
said-task-deviation-left = Visto saliendo de { $place }: { $units }, { $seen }.
said-task-deviation-outside = Visto fuera de { $place }: { $units }, { $seen }.
said-task-deviation-distance = Distancia: { $distance }. Hasta { $required } cuenta como presente.
said-task-deviation-coverage-not-assured = { $place }: cobertura no asegurada{ $when }.
said-task-deviation-concerns = Concierne a { $orders }.

## Lo que no se pudo comprobar

said-undecidable-missing = { $order } no se pudo comprobar: falta { $field }{ $word }.
said-undecidable-reversed = { $order } no se pudo comprobar: { $field }{ $word } termina antes de empezar.
said-undecidable-empty = { $order } no se pudo comprobar: { $field }{ $word } no tiene duración.
said-undecidable-unreadable = { $order } no se pudo comprobar: { $field }{ $word } es ilegible.
said-undecidable-unknown-place = { $order } no se pudo comprobar: { $field }{ $word } no nombra ningún lugar de la misión.
said-undecidable-unknown-route = { $order } no se pudo comprobar: { $field }{ $word } no nombra ninguna ruta de la misión.
said-undecidable-unknown-unit = { $order } no se pudo comprobar: { $field }{ $word } no nombra ninguna unidad de la misión.
said-undecidable-unknown-section = { $order } no se pudo comprobar: { $field }{ $word } no nombra ningún tramo de la misión.
said-undecidable-unknown-asset = { $order } no se pudo comprobar: { $field }{ $word } no nombra ningún medio de la misión.
said-undecidable-off-route = { $order } no se pudo comprobar: { $field }{ $word } está fuera de la ruta nombrada.
said-undecidable-no-such-point = { $order } no se pudo comprobar: { $field }{ $word } no nombra ningún punto de la ruta.
said-undecidable-open-ring = { $order } no se pudo comprobar: { $field }{ $word } es un contorno no cerrado.
said-undecidable-wide-ring = { $order } no se pudo comprobar: { $field }{ $word } supera media tierra.
said-undecidable-wide-path = { $order } no se pudo comprobar: { $field }{ $word } supera media tierra.
said-undecidable-crossing-ring = { $order } no se pudo comprobar: { $field }{ $word } es un contorno que se cruza.
said-undecidable-too-long = { $order } no se pudo comprobar: { $field }{ $word } supera la longitud que se comprueba.
said-undecidable-upside-down = { $order } no se pudo comprobar: { $field }{ $word } tiene los límites invertidos.
said-undecidable-no-extent = { $order } no se pudo comprobar: { $field }{ $word } es una forma sin extensión.
said-undecidable-no-load-class = { $order } no se pudo comprobar: { $field }{ $word } no tiene clase de carga conocida.
said-undecidable-no-amount = { $order } no se pudo comprobar: { $field }{ $word } requiere una cantidad nula.
said-undecidable-no-speed = { $order } no se pudo comprobar: { $field }{ $word } no nombra movimiento de velocidad conocida.
said-undecidable-ambiguous = { $order } no se pudo comprobar: { $field }{ $word } puede significar varias órdenes.
said-undecidable-two-contents = { $order } no se pudo comprobar: { $field }{ $word } llegó con dos contenidos distintos.
said-undecidable-over-capacity = { $order } no se pudo comprobar: se conocen más órdenes que las que { $field } permite comparar.
said-undecidable-open = No se puede descartar un conflicto.

## Lo que está en duda, cómo está, quién puede decidir

said-possible = Posible: { $doubt }.
said-state-open-past = Su tiempo ha pasado.
said-state-acknowledged = Acuse de recibo dado.
said-state-waived = Dispensa dada.
said-state-closed = Cerrado.
said-state-closed-why = Cerrado: { $why }.
said-state-waived-why = Dispensa dada: { $why }.
said-state-acknowledged-why = Acuse de recibo dado: { $why }.
said-state-resolved-if-acknowledged = Resuelto con el acuse de recibo de { $names }.
said-arbiter = { $arbiter } puede decidir.
