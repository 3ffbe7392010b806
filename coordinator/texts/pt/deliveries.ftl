### The words around what goes out by a channel in plain text: labels in capitals, one a line.

label-id = ID
label-origin = DE
label-level = NÍVEL
label-state = ESTADO
label-what = O QUÊ
label-between = ENTRE
label-when = QUANDO
label-where = ONDE
label-holder = QUEM O TEM
label-told = INFORMADOS
label-decides = PODE DECIDIR
label-waits = ESPERA POR
label-next = A SEGUIR
label-way = SAÍDA POSSÍVEL
label-left = SEM LUGAR NESTE FORMULÁRIO

holder-nobody = ninguém ainda
too-long = Demasiado longo para este canal: { $size } bytes, no máximo { $limit }. Nada foi cortado. Peça { $what } a { $who }.
too-long-ask = Longo demais. Pergunte a { $who }.
ask-coordinator = coordenador
