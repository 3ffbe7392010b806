### The words around what goes out by a channel in plain text: labels in capitals, one a line.

label-id = ID
label-origin = DE
label-level = NIVEAU
label-state = ÉTAT
label-what = QUOI
label-between = ENTRE
label-when = QUAND
label-where = OÙ
label-holder = QUI S’EN CHARGE
label-told = INFORMÉS
label-decides = PEUT DÉCIDER
label-waits = EN ATTENTE DE
label-next = À FAIRE
label-way = ISSUE POSSIBLE
label-left = SANS PLACE DANS CE FORMULAIRE

holder-nobody = personne encore
too-long = Trop long pour cette voie : { $size } octets, au plus { $limit }. Rien n’a été coupé. Voyez avec { $who } pour { $what }.
too-long-ask = Trop long. Voyez avec { $who }.
ask-coordinator = le coordinateur
