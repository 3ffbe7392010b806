### 无人值班。

unwatched-until = { $post } 值班：到 { $next_at } 为止无人
unwatched-open = { $post } 值班：无人，值班表上此后也没有人
unwatched-unreachable = { $post } 值班：{ $whom }，自 { $since_at } 起无法联系
unwatched-next = 请接班，或交给能联系上的人，然后更正值班表
