### 指令进展到哪一步，请求进展到哪一步。每一步各有措辞：承诺不能读作事实。

## 部队执行指令的进展

order-sent = 已发送，不知是否送达
order-delivered = 已送达，尚无人阅读
order-received = 已收到，未复诵
order-misread = 复诵有差异
order-understood = 已理解，与指令一致
order-wilco = WILCO
order-cannot-comply = 无法执行
order-own = 自行发布了更改
order-withheld = 不向您显示

## 指令是否已协调

coordinated-yes = 是，每支执行部队都将执行
coordinated-not-yet = 尚未，{ $of } 支执行部队中有 { $count } 支回复 WILCO
coordinated-unknown = 尚未
coordinated-nobody = 否，未写明执行部队
coordinated-gone = 否，该指令已不再有效

## 复诵与指令对照

read-time = 时间
read-place = 地点
read-task = 任务
read-different = { $field }：指令为 { $ordered }，复诵为 { $read }
read-unclear = { $field }：复诵为 { $read }，无法与 { $ordered } 比较

## 请求的进展

request-asked = 已请求，无人作出承诺
request-planned = 已计划，是承诺，尚非指令
request-ordered = 已下达指令，尚未移动
request-in-motion = 移动中
request-done = 已完成
request-refused = 已拒绝
request-withdrawn = 已由请求方撤回
