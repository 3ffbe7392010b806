### Lo que dicen las fichas: qué pasó, y qué hacer.

## Qué pasó

card-conflict = Conflicto{ $scene }: { $parties }
card-misread = Repetido de otro modo que lo ordenado{ $scene }: { $parties }
card-crowd = Conflicto{ $scene }: { NUMBER($count, useGrouping: 0) } casos, se listan los más graves
card-affected = Afectado{ $scene }: { $parties }
card-torn = Un problema de coordinación le concierne{ $scene }
card-contact-lost = { $about }: sin contacto{ $count ->
    [0] { "" }
    [one] , { NUMBER($count, useGrouping: 0) } ficha { $severity } sin entregar
   *[other] , { NUMBER($count, useGrouping: 0) } fichas sin entregar, la más grave { $severity }
 }
card-late-acknowledgement = { $about } no ha acusado recibo{ $scene }
late-acknowledgement-call = { $about } no ha acusado recibo{ $scene }: llame por voz
card-not-accepted = Su acción no cambió nada
not-accepted-stale = Su acción no cambió nada: la ficha ha cambiado desde que usted la vio
not-accepted-merged = Su acción no cambió nada: la ficha es ahora parte de otra
not-accepted-settled = Su acción no cambió nada: no queda nada que hacer en esta ficha
not-accepted-unknown = Su acción no cambió nada: no se le mostró ninguna ficha así
not-accepted-unsupported = Su acción no cambió nada: eso no se puede hacer con esta ficha
card-integrity = El registro no es fiable tal como está: avise a su operador
card-overdue = { $about } lleva retraso{ $scene }
card-medical = Emergencia médica{ $scene }
card-security = Incidente de seguridad{ $scene }
card-cannot-comply = { $about } no puede cumplir una orden{ $scene }
card-request = Una petición de ayuda{ $scene }
card-liaison = Un asunto de enlace{ $scene }
card-unwatched = No hay nadie de guardia{ $scene }
card-imbalance = Las partes no fueron informadas al mismo tiempo{ $scene }
card-disagreement = Hay informes que no coinciden{ $scene }
card-flood = Muchísimas fichas nuevas: se muestran por grupos

## Qué hacer

next-acknowledge = { $known ->
    [own] Acuse recibo, luego resuélvalo: usted puede decidir
    [yes] Acuse recibo, luego resuélvalo con { $arbiter }
   *[no] Acuse recibo
 }
next-settle = { $known ->
    [own] Resuélvalo: usted puede decidir
    [yes] Resuélvalo con { $arbiter }
   *[no] Resuélvalo con los afectados
 }
next-wait = Espere los acuses de recibo que lo resuelven
next-wait-for = Espere el acuse de recibo de { $names }
next-others = Usted ha acusado recibo; otros todavía no
next-nothing = Nada que hacer
