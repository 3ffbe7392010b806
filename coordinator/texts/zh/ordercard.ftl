### An order as a card: a label and a short line each. What the issuer wrote stays in the issuer's words.

order-card-what = 指令
order-card-from = 来自
order-card-who = 执行单位
order-card-task = 任务
order-card-where = 地点
order-card-way = 路线
order-card-when = 时间
order-card-height = 高度
order-card-with = 装备
order-card-needs = 所需
order-card-frequencies = 频率
order-card-permitted = 可继续
order-card-agreed = 已协调
order-card-depends = 取决于
order-card-supporting = 支援
order-card-relies = 依靠
order-card-replaces = 替代
order-card-cancels = 取消
order-card-changes = 更改
order-card-limits = 限制
order-card-call = 联系
order-card-answer = 答复
order-card-full = 全文

order-card-change = 指令变更
order-card-answer-text = 请复述时间、地点和任务。然后答复 WILCO,或答复 { $cannot } 并附代码。
order-card-draft = 无需答复:这是草案,不构成指令。
order-card-shape = 下方所绘区域
order-card-after-start = 在 { $task } 开始之后开始
order-card-after-end = 在 { $task } 结束之后开始
order-card-before-start = 在 { $task } 开始之前开始
order-card-covered-by = 由 { $task } 掩护
order-card-relief-of = 接替 { $task }
