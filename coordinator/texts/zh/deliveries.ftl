### The words around what goes out by a channel in plain text: labels in capitals, one a line.

label-id = 编号
label-origin = 来自
label-level = 等级
label-state = 状态
label-what = 事由
label-between = 双方
label-when = 时间
label-where = 地点
label-holder = 负责方
label-told = 已通知
label-decides = 可决定方
label-waits = 等待
label-next = 下一步
label-way = 可行出路
label-left = 本格式无法容纳

holder-nobody = 尚无
too-long = 超出此渠道容量:{ $size } 字节,最多 { $limit }。内容未被截断。请向 { $who } 索取 { $what }。
too-long-ask = 过长。请询问 { $who }。
ask-coordinator = 协调方
