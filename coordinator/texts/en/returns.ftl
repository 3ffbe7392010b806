### Reports that come again and again, and that did not come. $report is what the mission calls it.

overdue-reports = { $report }, due { $due_at }: nothing received from { $whom }
overdue-many = { $report }, due { $due_at }: nothing received from { $count ->
    [one] 1 participant
   *[other] { NUMBER($count, useGrouping: 0) } participants
 }
overdue-last = { $who }: last one received at { $last_at }; { $count ->
    [one] 1 in a row is missing
   *[other] { NUMBER($count, useGrouping: 0) } in a row are missing
 }
overdue-never = { $who }: none received so far; { $count ->
    [one] 1 in a row is missing
   *[other] { NUMBER($count, useGrouping: 0) } in a row are missing
 }
overdue-next = Ask for the report by voice
