### 冲突语句所用的词。

## 谁、何处、何时

order-named = { $id }（{ $what }）
order-unnamed = 不得写明的指令
order-another = 另一指令
list-both = { $first } 和 { $next }
list-either = { $first } 或 { $next }
list-others = { $names } 及其他
where-there = 在当地
where-at = 在 { $place }
when-nothing = { "" }
when-always = （任何时间）
when-from = （自 { $start }）
when-until = （至 { $end }）
when-between = （自 { $start } 至 { $end }）
scene-nowhere = { $when }
scene-where = （在 { $place }）{ $when }
word-nothing = { "" }
word-quoted = “{ $word }”

## 指挥关系及其限制

relation = { $superior } { $name } { $unit }{ $for }{ $when }{ $also }
relation-all = { "" }
relation-for = （用于{ $actions }）

## 消息是什么

what-exclusive = { $what }，专用
what-order = 指令
what-order-to-move = 移动指令
what-order-to-patrol = 巡逻指令
what-order-to-observe = 观察指令
what-order-to-hold = 坚守指令
what-order-to-secure = 警戒指令
what-order-to-escort = 护送指令
what-order-to-block = 封锁指令
what-order-to-control = 控制指令
what-order-to-search = 搜索指令
what-order-to-clear = 清除指令
what-order-to-engineer = 工程指令
what-order-to-resupply = 补给指令
what-order-to-medevac = 医疗后送指令
what-order-to-air-mission = 飞行指令
what-order-to-airspace = 空域管理指令
what-order-to-use-of-force = 使用武力指令
what-order-to-comms = 通信指令
what-order-to-aid = 援助指令
what-patrol-movement = 巡逻
what-convoy-movement = 车队
what-logistics-movement = 后勤移动
what-humanitarian-movement = 人道主义移动
what-flight-movement = 飞行
what-vessel-movement = 船舶移动
what-recce-movement = 侦察
what-admin-movement = 行政移动
what-range-hazard = 靶场射击
what-demolition-hazard = 爆破
what-illumination-hazard = 照明射击
what-fire-hazard = 火灾危险
what-spray-hazard = 喷洒
what-uxo-hazard = 未爆弹药
what-mine-hazard = 地雷
what-impact-hazard = 弹着区
what-other-hazard = 危险
what-incident = { $category } 事件
what-protected-site = 受保护场所

## 指令的要求

action-move = 移动
action-patrol = 巡逻
action-observe = 观察
action-hold = 坚守
action-secure = 警戒
action-escort = 护送
action-block = 封锁
action-control = 控制
action-search = 搜索
action-clear = 清除
action-engineer = 工程作业
action-resupply = 补给
action-medevac = 后送伤员
action-air-mission = 飞行
action-airspace = 空域管理
action-use-of-force = 使用武力
action-comms = 建立通信
action-aid = 提供援助
action-other = 其他行动

## 为何只是可能

doubt-times = 时间不精确
doubt-progress = 途中位置不精确
doubt-heights = 高度间隔未经证实，高度基准不同
doubt-unit = 可能只是部队的一部分
doubt-position = 部队位置不精确
doubt-positions = 有一个位置只精确到圆误差之内
doubt-effort = 需逐项比较的内容过多
doubt-relation = 指挥关系未涵盖整个任务时间
doubt-action = 总线没有表示该行动的词
doubt-reach = 地点在内，其周围超出边界
doubt-place = 其中一项没有可读的地点
doubt-speed = 部队速度不精确
doubt-extent = 其地点只有一部分在外
doubt-caveat-units = 约束部队的一部分
doubt-caveat-vehicles = 车辆情况了解不足
doubt-caveat-transport = 可能载有他人
doubt-caveat-scope = 声明未写明任务
doubt-caveat-place = 地点不明
doubt-caveat-night = 不能确定届时已日落

## 状态因何改变

why-amended = 由 { $names } 修改
why-revised = 由 { $names } 修订
why-withdrawn = 由 { $names } 撤回
why-re-rated = 由 { $names } 重新定级
why-over = 已结束
why-past = 曾有冲突
why-list = { $first }；{ $next }
