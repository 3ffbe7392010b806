### 关于通道本身的用语。

channel-test = 测试。这是对 { $who } 的通道 { $channel } 的测试。无需任何操作。
repeat-head = 重发：尚未确认收到
undelivered-flash = { $who } 未通过通道 { $channel } 收到 FLASH 消息
undelivered-next = 请用语音联系 { $who }，然后检查该通道
emergency-over = 此紧急情况已结束
card-undelivered = FLASH 消息未送达{ $scene }
