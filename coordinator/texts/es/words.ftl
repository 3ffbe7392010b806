### Las palabras de las que están hechas las frases de los hallazgos.

## Quién, dónde, cuándo

order-named = { $id } ({ $what })
order-unnamed = una orden que no se puede nombrar
order-another = otra orden
list-both = { $first } y { $next }
list-either = { $first } o { $next }
list-others = { $names } y otros
where-there = en el lugar
where-at = en { $place }
when-nothing = { "" }
when-always = { " " }en todo momento
when-from = { " " }desde { $start }
when-until = { " " }hasta { $end }
when-between = { " " }de { $start } a { $end }
scene-nowhere = { $when }
scene-where = { " " }en { $place }{ $when }
word-nothing = { "" }
word-quoted = { " " }«{ $word }»

## Una relación de mando, y lo que la limita

relation = { $superior } { $name } { $unit }{ $for }{ $when }{ $also }
relation-all = { "" }
relation-for = { " " }para { $actions }

## Lo que es un mensaje

what-exclusive = { $what }, en exclusiva
what-order = orden
what-order-to-move = orden de movimiento
what-order-to-patrol = orden de patrulla
what-order-to-observe = orden de observación
what-order-to-hold = orden de mantener
what-order-to-secure = orden de asegurar
what-order-to-escort = orden de escolta
what-order-to-block = orden de bloqueo
what-order-to-control = orden de dominio
what-order-to-search = orden de registro
what-order-to-clear = orden de limpieza
what-order-to-engineer = orden de ingenieros
what-order-to-resupply = orden de reabastecimiento
what-order-to-medevac = orden de evacuación sanitaria
what-order-to-air-mission = orden de vuelo
what-order-to-airspace = orden de gestión del espacio aéreo
what-order-to-use-of-force = orden de uso de la fuerza
what-order-to-comms = orden de transmisiones
what-order-to-aid = orden de ayuda
what-patrol-movement = patrulla
what-convoy-movement = convoy
what-logistics-movement = movimiento logístico
what-humanitarian-movement = movimiento humanitario
what-flight-movement = vuelo
what-vessel-movement = movimiento de buque
what-recce-movement = reconocimiento
what-admin-movement = movimiento administrativo
what-range-hazard = fuego en campo de tiro
what-demolition-hazard = demolición
what-illumination-hazard = fuego iluminante
what-fire-hazard = peligro de incendio
what-spray-hazard = fumigación
what-uxo-hazard = munición sin explotar
what-mine-hazard = minas
what-impact-hazard = zona de impacto
what-other-hazard = peligro
what-incident = incidente { $category }
what-protected-site = lugar protegido

## Lo que pide una orden

action-move = moverse
action-patrol = patrullar
action-observe = observar
action-hold = mantener
action-secure = asegurar
action-escort = escoltar
action-block = bloquear
action-control = dominar
action-search = registrar
action-clear = limpiar
action-engineer = hacer trabajos de ingenieros
action-resupply = reabastecer
action-medevac = evacuar heridos
action-air-mission = volar
action-airspace = gestionar el espacio aéreo
action-use-of-force = usar la fuerza
action-comms = establecer transmisiones
action-aid = llevar ayuda
action-other = hacer otra cosa

## Lo que hace que un hallazgo sea solo posible

doubt-times = las horas no son exactas
doubt-progress = la posición en el recorrido no es exacta
doubt-heights = la separación de altitud no está probada, las alturas usan referencias distintas
doubt-unit = puede ser solo una parte de la unidad
doubt-position = la posición de la unidad no es exacta
doubt-positions = una posición se da solo dentro de su error circular
doubt-effort = hay demasiado que comparar pieza por pieza
doubt-relation = la relación de mando no dura toda la tarea
doubt-action = el bus no tiene palabra para la acción
doubt-reach = el lugar está dentro, lo que lo rodea se extiende más allá
doubt-place = uno de ellos no indica ningún lugar legible
doubt-speed = la velocidad de la unidad no es exacta
doubt-extent = solo una parte de su lugar queda fuera
doubt-caveat-units = obliga a una parte de la unidad
doubt-caveat-vehicles = los vehículos no se conocen lo suficiente
doubt-caveat-transport = puede llevar a otros
doubt-caveat-scope = la declaración no nombra ninguna tarea
doubt-caveat-place = el lugar no se conoce
doubt-caveat-night = no es seguro que el sol se haya puesto entonces

## Lo que cambió un estado

why-amended = modificado por { $names }
why-revised = revisado por { $names }
why-withdrawn = retirado por { $names }
why-re-rated = reclasificado por { $names }
why-over = ha terminado
why-past = estuvo en conflicto
why-list = { $first }; { $next }
