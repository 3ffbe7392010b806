### Reports that come again and again, and that did not come. $report is what the mission calls it.

overdue-reports = { $report }，应于 { $due_at } 提交：未收到 { $whom } 的报告
overdue-many = { $report }，应于 { $due_at } 提交：{ $count ->
   *[other] { NUMBER($count, useGrouping: 0) } 方的报告未收到
 }
overdue-last = { $who }：最近一次收到于 { $last_at }；{ $count ->
   *[other] 连续缺 { NUMBER($count, useGrouping: 0) } 次
 }
overdue-never = { $who }：至今未收到；{ $count ->
   *[other] 连续缺 { NUMBER($count, useGrouping: 0) } 次
 }
overdue-next = 请用语音催要报告
