### 解决冲突的途径：某项更改的效果，或可与谁商谈。

## 已算出的更改

option-removes = { $change }：可消除该冲突，且不产生新冲突{ $scope }。
option-others-remain = 其另外的冲突可能仍在。
option-not-checked = { $change }：未检查。
option-no-shift = 在特派团限度内没有为 { $order } 找到其他时间{ $scope }。
scope-nothing = { "" }
scope-known = { $count ->
   *[other] （在已知的 { NUMBER($count, useGrouping: 0) } 项指令中）
 }
change-later = { $order } 推迟 { $time }
change-earlier = { $order } 提前 { $time }
change-altitude = { $order } 高度 { $lower } 至 { $upper }
change-channel = { $order } 用 { $channel }
change-route = { $order } 经 { $route }
change-asset = { $order } 用 { $asset }
change-move-out = { $order } 移开 { $distance }
change-move-out-towards = { $order } 向 { $bearing } 度移开 { $distance }
change-reduce = { $order } 效应范围缩小 { $distance }
level-any = 任何高度

## 可请求或商谈的事项

option-shift = { $order } 的其他时间。
option-headway = { $order } 的更大车距。
option-altitude = { $order } 的其他高度。
option-channel = { $order } 的其他频率。
option-route = { $order } 的其他路线。
option-asset = { $order } 的其他装备。
option-move-out = { $order } 的其他地点。
option-reduce = { $order } 的更小效应范围。
option-liaison = 可就 { $order } 与 { $who } 商谈。
option-permission = 可为 { $order } 向 { $who } 请求许可。
option-coordinate = 可请 { $who } 协调 { $order }。
option-refer = { $who } 可以决定。
option-split = 部队可分别执行各项任务：{ $order }。
option-cover = 可为 { $order } 增加掩护。
option-withdraw = { $who } 可以撤回 { $order }。
option-re-issue = { $who } 可以重新发布 { $order }。
option-acknowledge = { $who } 可以确认收到 { $order }。
option-merge = { $order } 可与另一任务合并。
option-fix-field = { $who } 可以更正 { $order }。
issuer-unknown = 发布方
