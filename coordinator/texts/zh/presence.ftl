### Lost contact and bearers that are down: what was going on before. $valid is the text valid-as-of.

line-valid = { $text }（{ $valid }）
card-bearer-down = 通信线路中断{ $scene }
contact-lost-emergency = { $about } 报告紧急情况后无法联系{ $count ->
    [0] { "" }
   *[other] ，{ NUMBER($count, useGrouping: 0) } 张卡片未送达，最高等级 { $severity }
 }
contact-lost-next = 请用语音呼叫 { $who }，或询问谁能联系到
bearer-down = 通信线路 { $bearer } 自 { $down_at } 起中断：经此线路无法联系任何人
bearer-child = { $who } 自 { $lost_at } 起无法联系{ $count ->
    [0] { "" }
   *[other] ；{ NUMBER($count, useGrouping: 0) } 张卡片未送达
 }
bearer-next = 请向通信部门询问 { $bearer }；用其他方式联系受影响者
lost-after-incident = 此前曾报告事件：{ $id }
lost-after-medevac = 此前曾请求医疗后送：{ $id }
lost-after-flash = 此前曾发出最高等级的消息：{ $id }
lost-last-report = 最后一次报告：{ $id }
lost-no-report = 最后一次报告：{ no-information }
lost-last-position = 最后位置：{ $place }
lost-no-position = 最后位置：{ no-information }
lost-last-request = 最后一次请求，{ $said_at }：{ $asked }（{ $id }）
lost-orders = { $count ->
   *[other] { NUMBER($count, useGrouping: 0) } 项指令尚未确认
 }
lost-silence = 计划的静默已于 { $end_at } 结束
lost-again = 近期失去联系 { $count ->
   *[other] { NUMBER($count, useGrouping: 0) } 次
 }
