### 用一行说明冲突或卡片。

## 组成部分

scene-place = （地点：{ $place }）
scene-time = { $window }
call = { $own ->
    [yes] ；贵方可以决定
   *[no] ；请联系 { $arbiter }
 }
list-and = { $first }、{ $next }
another-activity = 另一活动

kind-directive = 指令
kind-movement = 移动
kind-hazard = 危险通报
kind-protected-site = 受保护场所
kind-route-state = 路线报告
kind-medevac = 医疗后送
kind-agreement = 协议
kind-other = 活动

## 只说影响，不说原因

torn-incompatible-activities = { $own ->
    [yes] 另一活动影响贵方的{ $what }
   *[no] 另一活动影响{ $what }
 } { $party }{ $scene }{ $call }
torn-infeasible = { $own ->
    [yes] 按现状无法执行：贵方的{ $what }
   *[no] 按现状无法执行：{ $what }
 } { $party }{ $scene }{ $call }
torn-broken-dependency = { $own ->
    [yes] 所依赖的事项没有保证：贵方的{ $what }
   *[no] 所依赖的事项没有保证：{ $what }
 } { $party }{ $scene }{ $call }
torn-nothing = 有一协调问题涉及贵方{ $scene }{ $call }

## 冲突，供可知悉全部内容者阅读

finding-incompatible-activities = { $parties }{ $scene }：这些活动互不相容{ $call }
finding-contradictory-orders = { $parties }{ $scene }：这些指令相互矛盾{ $call }
finding-asset-overbooked = { $parties }{ $scene }：同一装备被多次使用{ $call }
finding-route-capacity = { $parties }{ $scene }：超出路线承载能力{ $call }
finding-uncoordinated-entry = { $parties }{ $scene }：未经协调进入他方区域{ $call }
finding-prohibited-zone = { $parties }{ $scene }：在禁区内{ $call }
finding-restricted-zone = { $parties }{ $scene }：在限制区内{ $call }
finding-caveat = { $parties }{ $scene }：有国家限制适用{ $call }
finding-mandate = { $parties }{ $scene }：超出所记录的任务授权{ $call }
finding-authority = { $parties }{ $scene }：发布方不指挥受领任务的部队{ $call }
finding-command-fork = { $parties }{ $scene }：同一部队由两个总部指挥{ $call }
finding-stale-order = { $parties }{ $scene }：该指令已被取代但仍在执行{ $call }
finding-frequency = { $parties }{ $scene }：正在使用同一频率{ $call }
finding-broken-dependency = { $parties }{ $scene }：本任务所依赖的任务已改变{ $call }
finding-infeasible = { $parties }{ $scene }：在给定时间或空间内无法完成{ $call }
finding-not-acknowledged = { $parties }{ $scene }：尚未确认收到，且即将开始{ $call }
finding-misread = { $parties }{ $scene }：复诵有差异，WILCO 暂不计{ $call }
finding-duplicate-task = { $parties }{ $scene }：同一任务下达了两次{ $call }
finding-undecidable = { $parties }{ $scene }：决定此事的内容无法读取{ $call }
finding-task-deviation = { $parties }{ $scene }：所报与任务不同{ $call }
