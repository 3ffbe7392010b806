### Lost contact and bearers that are down: what was going on before. $valid is the text valid-as-of.

line-valid = { $text } ({ $valid })
card-bearer-down = Un medio de transmisión está caído{ $scene }
contact-lost-emergency = { $about }: sin contacto después de comunicar una emergencia{ $count ->
    [0] { "" }
    [one] , { NUMBER($count, useGrouping: 0) } ficha { $severity } sin entregar
   *[other] , { NUMBER($count, useGrouping: 0) } fichas sin entregar, la más grave { $severity }
 }
contact-lost-next = Llame a { $who } por voz, o pregunte quién tiene contacto
bearer-down = Medio de transmisión { $bearer } caído desde { $down_at }: por él no se contacta con nadie
bearer-child = { $who }: sin contacto desde { $lost_at }{ $count ->
    [0] { "" }
    [one] ; { NUMBER($count, useGrouping: 0) } ficha sin entregar
   *[other] ; { NUMBER($count, useGrouping: 0) } fichas sin entregar
 }
bearer-next = Pregunte a transmisiones por { $bearer }; contacte por otra vía con quienes dependen de él
lost-after-incident = Había comunicado un incidente: { $id }
lost-after-medevac = Había pedido una evacuación sanitaria: { $id }
lost-after-flash = Había enviado un mensaje de la máxima urgencia: { $id }
lost-last-report = Último informe: { $id }
lost-no-report = Último informe: { no-information }
lost-last-position = Última posición: { $place }
lost-no-position = Última posición: { no-information }
lost-last-request = Última petición, a { $said_at }: { $asked } ({ $id })
lost-orders = { $count ->
    [one] { NUMBER($count, useGrouping: 0) } orden sin acuse de recibo
   *[other] { NUMBER($count, useGrouping: 0) } órdenes sin acuse de recibo
 }
lost-silence = El silencio previsto terminó a { $end_at }
lost-again = Contacto perdido { $count ->
    [one] { NUMBER($count, useGrouping: 0) } vez recientemente
   *[other] { NUMBER($count, useGrouping: 0) } veces recientemente
 }
