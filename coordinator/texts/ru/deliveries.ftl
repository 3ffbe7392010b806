### The words around what goes out by a channel in plain text: labels in capitals, one a line.

label-id = ID
label-origin = ОТ
label-level = УРОВЕНЬ
label-state = СОСТОЯНИЕ
label-what = ЧТО
label-between = МЕЖДУ
label-when = КОГДА
label-where = ГДЕ
label-holder = КТО ВЕДЁТ
label-told = ИЗВЕЩЕНЫ
label-decides = МОЖЕТ РЕШИТЬ
label-waits = ОЖИДАЕТСЯ
label-next = ДАЛЕЕ
label-way = ВОЗМОЖНЫЙ ВЫХОД
label-left = НЕТ МЕСТА В ЭТОЙ ФОРМЕ

holder-nobody = пока никто
too-long = Слишком длинно для этого канала: { $size } байт, не более { $limit }. Ничего не обрезано. Запросите { $what } у: { $who }.
too-long-ask = Слишком длинно. Спросите: { $who }.
ask-coordinator = координатор
