### 冒用他人名义；各方未获同等告知。

## 安全

security-claimed = 以 { $whom } 的名义，但由 { $who } 发送：未接受，消息数：{ NUMBER($count, useGrouping: 0) }
security-claimed-many = 以 { $others } 个他方的名义，但由 { $who } 发送：未接受，消息数：{ NUMBER($count, useGrouping: 0) }
security-unknown = 以此处无人使用的名义，由 { $who } 发送：未接受，消息数：{ NUMBER($count, useGrouping: 0) }
security-next = 请用语音提醒有关方：其中没有任何指令。{ $first_at } 的原件已作为证据保存，编号 { $raw }

## 各方相同

imbalance-late = { $notice }：{ $whom } 尚无收据，其他各方已有
imbalance-excluded = { $notice } 未送达 { $all } 方中的 { $missing } 方：其标签将它们排除
imbalance-words = { $notice }：一方不得看到的内容已对各方一并略去，使各方读到相同内容
imbalance-settled = { $notice }：各方之间已无差别
imbalance-next = 请以其他途径、用相同文字告知其余各方
imbalance-next-label = 请更正标签并重新发送给各方
