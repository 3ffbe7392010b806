### What a sender is told of its input, around what the bus found in it: the parts of one answer, a line each.

answer-accepted = 已接受:{ $name }
answer-refused = 已拒绝:{ $name }
answer-kept = 已保存:{ $name }。答复将稍后经此渠道发送。
answer-where = 位置:{ $path }
answer-why = 原因:{ $why }
answer-mend = 更正方法:{ $hint }
answer-again = 此前已收到:未重复发送
answer-ids = 编号:{ $ids }
answer-more = 另有 { $count } 项
answer-positions = 位置报告:{ $count }
answer-losses = 保留但无对应字段的值:{ $count }
answer-look = 请检查:{ $text }
answer-input = 输入:{ $input }
