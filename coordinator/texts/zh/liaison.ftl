### 求助、联络请求与会商。

## 求助的卡片

call-untaken = 求助 { $request }，来自 { $who_asker }：到 { $due_at } 无人承担。{ $subject }
call-declined = 求助 { $request }，来自 { $who_asker }：所有被请求方均已谢绝。自 { $since_at } 起在 { $who_owner } 处。{ $subject }
call-promised = 求助 { $request }，来自 { $who_asker }：{ $who_owner } 于 { $since_at } 承诺，到 { $due_at } 既无指令也无移动。{ $subject }
call-ordered = 求助 { $request }，来自 { $who_asker }：已下达指令，自 { $since_at } 起在 { $who_owner } 处，到 { $due_at } 未移动。{ $subject }
call-partly = 求助 { $request }，来自 { $who_asker }：到 { $due_at } 只承诺了一部分。其余在 { $who_owner } 处。{ $subject }
call-untaken-next = 请答复 { $who_asker }：作出承诺，或说明原因并谢绝
call-declined-next = 请另找一方，或最终拒绝；并告知 { $who_asker }
call-promised-next = 请用语音询问 { $who_owner } 是否已移动，并将实情告知 { $who_asker }
call-ordered-next = 请用语音询问 { $who_owner } 到了何处，并将实情告知 { $who_asker }
call-partly-next = 请找到其余部分，或告知 { $who_asker } 没有
call-line-open = 尚未承诺：{ $item }
call-line-declined = { $who } 于 { $declined_at } 谢绝：{ $reason }

## 请求及其每一项的状况

liaison-open = 待答复
liaison-partially = 部分已承诺
liaison-answered = 已答复
liaison-declined = 所有被请求方均已谢绝
liaison-withdrawn = 已撤回
liaison-expired = 已过期，无人作出承诺
item-open = 未答复
item-partially = 已承诺一部分
item-accepted = 已承诺
item-provisional = 附条件承诺，请求方尚未接受条件
item-declined = 各被请求方均已谢绝

## 会商的状况

session-open = 未达成一致
session-agreed = 已达成一致，是文本而非指令
session-withdrawn = 已由发起方关闭
session-expired = 已过期，没有各方一致的文本
