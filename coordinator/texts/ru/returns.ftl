### Reports that come again and again, and that did not come. $report is what the mission calls it.

overdue-reports = { $report }, срок { $due_at }: ничего не получено от { $whom }
overdue-many = { $report }, срок { $due_at }: ничего не получено, участников: { $count ->
    [one] { NUMBER($count, useGrouping: 0) }
    [few] { NUMBER($count, useGrouping: 0) }
    [many] { NUMBER($count, useGrouping: 0) }
   *[other] { NUMBER($count, useGrouping: 0) }
 }
overdue-last = { $who }: последнее получено { $last_at }; не получено подряд: { $count ->
    [one] { NUMBER($count, useGrouping: 0) }
    [few] { NUMBER($count, useGrouping: 0) }
    [many] { NUMBER($count, useGrouping: 0) }
   *[other] { NUMBER($count, useGrouping: 0) }
 }
overdue-never = { $who }: пока ничего не получено; не получено подряд: { $count ->
    [one] { NUMBER($count, useGrouping: 0) }
    [few] { NUMBER($count, useGrouping: 0) }
    [many] { NUMBER($count, useGrouping: 0) }
   *[other] { NUMBER($count, useGrouping: 0) }
 }
overdue-next = Запросите донесение голосом
