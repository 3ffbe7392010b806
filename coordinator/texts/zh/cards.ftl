### 卡片内容：发生了什么，下一步做什么。

## 发生了什么

card-conflict = 冲突{ $scene }：{ $parties }
card-misread = 复述与指令不符{ $scene }：{ $parties }
card-crowd = 冲突{ $scene }：共 { NUMBER($count, useGrouping: 0) } 项，仅列出最严重的
card-affected = 受影响{ $scene }：{ $parties }
card-torn = 有一协调问题涉及贵方{ $scene }
card-contact-lost = { $about } 无法联系{ $count ->
    [0] { "" }
   *[other] ，{ NUMBER($count, useGrouping: 0) } 张卡片未送达，最高等级 { $severity }
 }
card-late-acknowledgement = { $about } 尚未确认收到{ $scene }
late-acknowledgement-call = { $about } 尚未确认收到{ $scene }：请用语音呼叫
card-not-accepted = 您的操作未改变任何内容
not-accepted-stale = 您的操作未改变任何内容：您查看后卡片已变化
not-accepted-merged = 您的操作未改变任何内容：该卡片已并入另一卡片
not-accepted-settled = 您的操作未改变任何内容：该卡片已无待办事项
not-accepted-unknown = 您的操作未改变任何内容：未向您显示过此卡片
not-accepted-unsupported = 您的操作未改变任何内容：该卡片不能如此处理
card-integrity = 记录现状不可信：请告知操作员
card-overdue = { $about } 逾期{ $scene }
card-medical = 医疗紧急情况{ $scene }
card-security = 安全事件{ $scene }
card-cannot-comply = { $about } 无法执行指令{ $scene }
card-request = 求助请求{ $scene }
card-liaison = 联络事项{ $scene }
card-unwatched = 无人值班{ $scene }
card-imbalance = 各方未同时获知{ $scene }
card-disagreement = 报告不一致{ $scene }
card-flood = 新卡片非常多：按组显示

## 下一步

next-acknowledge = { $known ->
    [own] 请确认收到，然后解决：您可以决定
    [yes] 请确认收到，然后与 { $arbiter } 解决
   *[no] 请确认收到
 }
next-settle = { $known ->
    [own] 请解决：您可以决定
    [yes] 请与 { $arbiter } 解决
   *[no] 请与有关各方解决
 }
next-wait = 等待可解决此事的确认
next-wait-for = 等待 { $names } 确认收到
next-others = 您已确认收到；其他方尚未确认
next-nothing = 无待办事项
