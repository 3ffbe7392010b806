### An order as a card: a label and a short line each. What the issuer wrote stays in the issuer's words.

order-card-what = ORDEN
order-card-from = DE
order-card-who = QUIÉN ACTÚA
order-card-task = TAREA
order-card-where = DÓNDE
order-card-way = POR
order-card-when = CUÁNDO
order-card-height = ALTURA
order-card-with = CON
order-card-needs = NECESITA
order-card-frequencies = FRECUENCIA
order-card-permitted = PUEDE SEGUIR
order-card-agreed = ACORDADO CON
order-card-depends = DEPENDE DE
order-card-supporting = EN APOYO
order-card-relies = CUENTA CON
order-card-replaces = SUSTITUYE
order-card-cancels = ANULA
order-card-changes = MODIFICA
order-card-limits = LÍMITES
order-card-call = CONTACTO
order-card-answer = RESPUESTA
order-card-full = COMPLETO

order-card-change = modificación de órdenes
order-card-answer-text = Repita hora, lugar y tarea. Después diga WILCO, o { $cannot } con un código.
order-card-draft = Ninguna: esto es un borrador y no ordena nada.
order-card-shape = la zona trazada más abajo
order-card-after-start = empieza después del comienzo de { $task }
order-card-after-end = empieza después del fin de { $task }
order-card-before-start = empieza antes del comienzo de { $task }
order-card-covered-by = cobertura a cargo de { $task }
order-card-relief-of = releva a { $task }
