### لا أحد في المناوبة.

unwatched-until = في المناوبة بصفة { $post }: لا أحد حتى { $next_at }
unwatched-open = في المناوبة بصفة { $post }: لا أحد، ولا يذكر جدول المناوبات أحدا بعد ذلك
unwatched-unreachable = في المناوبة بصفة { $post }: { $whom }، لا اتصال منذ { $since_at }
unwatched-next = تول المناوبة أو سلمها إلى من يمكن الاتصال به، ثم صحح جدول المناوبات
