### The words around what goes out by a channel in plain text: labels in capitals, one a line.

label-id = ID
label-origin = DE
label-level = NIVEL
label-state = ESTADO
label-what = QUÉ
label-between = ENTRE
label-when = CUÁNDO
label-where = DÓNDE
label-holder = QUIÉN LO TIENE
label-told = INFORMADOS
label-decides = PUEDE DECIDIR
label-waits = ESPERA A
label-next = SIGUIENTE PASO
label-way = POSIBLE SALIDA
label-left = SIN LUGAR EN ESTE FORMULARIO

holder-nobody = nadie todavía
too-long = Demasiado largo para este canal: { $size } bytes, como máximo { $limit }. Nada fue recortado. Pida { $what } a { $who }.
too-long-ask = Muy largo. Pregunte a { $who }.
ask-coordinator = coordinador
