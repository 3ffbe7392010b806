### Reports that come again and again, and that did not come. $report is what the mission calls it.

overdue-reports = { $report }, previsto a { $due_at }: nada recibido de { $whom }
overdue-many = { $report }, previsto a { $due_at }: nada recibido de { $count ->
    [one] { NUMBER($count, useGrouping: 0) } participante
   *[other] { NUMBER($count, useGrouping: 0) } participantes
 }
overdue-last = { $who }: último recibido a { $last_at }; { $count ->
    [one] falta { NUMBER($count, useGrouping: 0) } seguido
   *[other] faltan { NUMBER($count, useGrouping: 0) } seguidos
 }
overdue-never = { $who }: ninguno recibido hasta ahora; { $count ->
    [one] falta { NUMBER($count, useGrouping: 0) } seguido
   *[other] faltan { NUMBER($count, useGrouping: 0) } seguidos
 }
overdue-next = Pida el informe por voz
