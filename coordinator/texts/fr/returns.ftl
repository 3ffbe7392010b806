### Reports that come again and again, and that did not come. $report is what the mission calls it.

overdue-reports = { $report }, attendu à { $due_at } : rien reçu de { $whom }
overdue-many = { $report }, attendu à { $due_at } : rien reçu de { $count ->
    [one] { NUMBER($count, useGrouping: 0) } participant
   *[other] { NUMBER($count, useGrouping: 0) } participants
 }
overdue-last = { $who } : dernier reçu à { $last_at } ; { $count ->
    [one] { NUMBER($count, useGrouping: 0) } de suite manque
   *[other] { NUMBER($count, useGrouping: 0) } de suite manquent
 }
overdue-never = { $who } : aucun reçu jusqu’ici ; { $count ->
    [one] { NUMBER($count, useGrouping: 0) } de suite manque
   *[other] { NUMBER($count, useGrouping: 0) } de suite manquent
 }
overdue-next = Réclamez le compte rendu par phonie
