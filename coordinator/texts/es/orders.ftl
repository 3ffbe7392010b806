### En qué punto está una orden, y una solicitud. Cada paso tiene sus propias palabras: una promesa no es un hecho.

## En qué punto está una unidad con una orden

order-sent = enviada, no se sabe si llegó
order-delivered = entregada, nadie la ha leído todavía
order-received = recibida, sin colacionar
order-misread = COLACIONADA DE OTRO MODO
order-understood = comprendida, tal como se ordenó
order-wilco = WILCO
order-cannot-comply = NO PUEDE CUMPLIR
order-own = emitió el cambio por sí misma
order-withheld = no se le muestra

## Si una orden está coordinada

coordinated-yes = sí, cada unidad ejecutante cumplirá
coordinated-not-yet = todavía no, { $count } de { $of } unidades ejecutantes dijeron WILCO
coordinated-unknown = todavía no
coordinated-nobody = no, no nombra ninguna unidad ejecutante
coordinated-gone = no, la orden ya no está en vigor

## Una colación junto a la orden

read-time = hora
read-place = lugar
read-task = tarea
read-different = { $field }: ordenado { $ordered }, colacionado { $read }
read-unclear = { $field }: colacionado { $read }, no se puede comparar con { $ordered }

## En qué punto está una solicitud

request-asked = SOLICITADO, nadie ha prometido nada
request-planned = PLANIFICADO, una promesa y todavía no una orden
request-ordered = ORDENADO, aún sin movimiento
request-in-motion = EN MOVIMIENTO
request-done = HECHO
request-refused = RECHAZADO
request-withdrawn = RETIRADO por quien lo solicitó
