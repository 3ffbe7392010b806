### 伤员后送：进展、10-1-2 时钟以及延误。

casevac-clock = { $what } { $request }：{ $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }。{ $basis ->
    [injury] 受伤时间 { $start_at }
    [about] 受伤时间约 { $start_at }，不精确
   *[request] 受伤时间不明，自请求 { $start_at } 起算
 }
casevac-received = { $what } { $request }：{ $done_at } 已接收伤员，距{ $basis ->
    [injury] 受伤
    [about] 受伤（时间不精确）
   *[request] 请求（受伤时间不明）
 } { $minutes } 分钟。10-1-2：{ $verdict ->
    [met] 达到
    [missed] 未达到
   *[unreported] 据报告已达到，无急救报告
 }
casevac-state = { $what } { $request }：{ $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }
casevac-mark = { $care ->
    [first-aid] 急救
    [resuscitation] 复苏
   *[surgery] 手术
 } 时限 { $mark_at }：{ $reached ->
    [met] 达到
    [missed] 未达到
    [unreported] 无报告
    [stopped] 时钟已停
   *[open] 尚未
 }
casevac-decision = 出动决定：{ $who_decides }，时限 { $due_at }
casevac-launch = 计划出动 { $launch_at }；如无移动，{ $due_at } 告警
casevac-undecided = { $what } { $request }：自 { $asked_at } 起尚无出动决定，由 { $who_decides } 决定
casevac-undecided-next = 请决定是否出动；如不能决定，请用话音告知 { $who_decides }
casevac-launch-late = 出动延误：{ $what } { $request } 应于 { $launch_at } 移动，尚无人报告移动
casevac-launch-late-next = 请报告出动，或说明延误原因和时限
casevac-next = 请确认收到。由 { $who_decides } 决定出动
casevac-follow = 请确认收到。请跟踪后送，直到伤员被接收
