### 完整的冲突说明，供可知悉全部内容者阅读。见 en/findings.ftl。

## 互不相容的活动

said-incompatible-activities = { $first } 与 { $second } 互不相容。
said-incompatible-activities-both = { $sure ->
    [possible] 双方可能同时
   *[definite] 双方同时
 }{ $where }{ $when }，不符合规则 { $rule }。
said-incompatible-activities-gap = 间隔 { $gap }，{ $rule } 要求 { $required }。
said-incompatible-activities-distance = { $sure ->
    [possible] 双方距离可能缩至
   *[definite] 双方距离缩至
 } { $distance }，{ $rule } 要求 { $required }。
said-incompatible-activities-meet = { $sure ->
    [possible] 双方可能相遇
   *[definite] 双方相遇
 }，{ $rule } 要求间隔 { $required }。
said-incompatible-activities-heights = 双方高度相差 { $vertical }，{ $rule } 要求 { $required }。
said-incompatible-activities-level = 双方高度重叠，{ $rule } 要求间隔 { $required }。
said-incompatible-activities-precedence = 特派团已公布：{ $rule }。
said-incompatible-activities-advice = 特派团规则：{ $advice }。

## 路线的承载能力

said-route-capacity = { $order } 使用 { $place }{ $when }。
said-route-capacity-closed = 据报 { $place } 已关闭。
said-route-capacity-load-class = 其车辆载重等级为 { $required }，{ $place } 可承载等级 { $carried }。
said-route-capacity-both = { $first } 与 { $second } 使用 { $place }。
said-route-capacity-when = 双方可能都在该处{ $when }。
said-route-capacity-direction = 双方在单车道上方向相反。
said-route-capacity-headway = 间隔 { $gap }，要求车距 { $required }。

## 引用有误或未获答复的指令

said-stale-order-stale = { $order } 引用 { $cited }，后者已不再有效。
said-stale-order-missing = { $order } 引用 { $cited }，后者不为所知。
said-stale-order-authority = { $order } 更改 { $cited }，但对其发布方没有职权。
said-stale-order-fork = { $orders } 各自取代同一指令。
said-stale-order-cycle = { $orders } 循环相互取代。
said-stale-order-acknowledged = { $names } 确认的是 { $order } 的先前版本，不是现行版本。
said-not-acknowledged = { $count ->
   *[other] { $names } 尚未答复
 } { $order }。
said-start = 开始时间 { $start }，应在此前 { $notice } 答复。
said-misread = { $names } 对 { $order } 的复诵有差异。
said-misread-open = 在按原文复诵指令之前，WILCO 不计。

## 对同一部队的指令

said-contradictory-orders = { $first } 与 { $second } 同时给同一部队下达任务。
said-contradictory-orders-when = 两项任务可能都在进行{ $when }。
said-contradictory-orders-exclusive = 按特派团规则，同一部队不能同时{ $one }和{ $other }。
said-contradictory-orders-remain = 一项指令要部队留在原地，另一项要其在别处。
said-contradictory-orders-apart = 两地相距 { $distance }。
said-contradictory-orders-travel = 以 { $speed } 行进需 { $travel }。
said-contradictory-orders-spare = 两项任务之间最多有 { $gap }。
said-command-fork = { $first } 与 { $second } 给同一部队下达任务{ $when }。
said-command-fork-issuers = 发布方 { $one } 与 { $other } 互不指挥。
said-authority = 特派团没有记录 { $issuer } 对 { $order } 的职权{ $when }。
said-units = { $count ->
   *[other] 部队：{ $units }。
 }
said-relation = 记录：{ $relation }。
said-mandate = { $sure ->
    [possible] { $order } 可能超出任务授权
   *[definite] { $order } 超出任务授权
 }{ $scene }。
said-mandate-actions = 没有条款涵盖该行动。
said-mandate-place = 该地点不在所涵盖的地域内。
said-mandate-period = 任务授权未涵盖全部时间。
said-mandate-reference = 需要引用职权依据，但未引用。
said-mandate-clause = 条款：{ $clause }。
said-duplicate-task = { $first } 与 { $second } 的指令内容相同。
said-duplicate-task-both = { $sure ->
    [possible] 双方可能同时
   *[definite] 双方同时
 }{ $where }{ $when }。
said-duplicate-task-unaware = 由不同特遣队执行，两项指令互未提及。
said-duplicate-task-apart = 两地相差 { $distance }，在 { $required } 以内视为同一地点。

## 共用装备、频率、依赖关系、时间不足

said-asset-overbooked = { $count ->
   *[other] { $orders } 需要 { $asset }{ $when }。
 }
said-asset-overbooked-uncounted = 该时间前后需求过多，未能比较全部组合。
said-asset-overbooked-perhaps = 可能承诺过多。
said-asset-overbooked-crowd = { $count ->
   *[other] 过多组合超出限度，故将届时需要它的 { NUMBER($count, useGrouping: 0) } 项一并列出。
 }
said-asset-overbooked-turnaround = 间隔 { $gap }，其再次准备需 { $required }。
said-asset-overbooked-total = 需要 { $total }，同时可提供 { $capacity }。
said-asset-overbooked-owner = { $asset } 由 { $authority } 决定。
said-frequency = { $first } 使用 { $one }，{ $second } 使用 { $other }。
said-frequency-apart = 频率间隔 { $apart }，{ $rule } 要求 { $required }。
said-frequency-when = 双方可能都在发射{ $when }。
said-frequency-anywhere = { $rule } 要求间隔 { $required }。
said-frequency-distance = { $sure ->
    [possible] 双方距离可能缩至
   *[definite] 双方距离缩至
 } { $distance }，{ $rule } 要求 { $required }。
said-frequency-kept = { $order } 使用 { $one }。
said-frequency-taboo = { $other } 保留给 { $holder }（TABOO）。
said-frequency-protected = { $other } 保留给 { $holder }（PROTECTED）。
said-frequency-guarded = { $other } 保留给 { $holder }（GUARDED）。
said-frequency-near = 频率间隔 { $apart }，要求 { $required }。
said-broken-dependency-draft = { $order } 依赖 { $cited }，后者尚未发布。
said-broken-dependency-after-start = { $own } 定于 { $task } 开始之后开始。
said-broken-dependency-after-end = { $own } 定于 { $task } 结束之后开始。
said-broken-dependency-before-start = { $own } 定于 { $task } 开始之前结束。
said-broken-dependency-relief-of = { $own } 接替 { $task }，定于其结束之前开始。
said-broken-dependency-time = { $own } 定由 { $task } 掩护。
said-broken-dependency-place = { $own } 定由 { $task } 掩护。
said-broken-dependency-when = { $sure ->
    [possible] 这一点可能不成立
   *[definite] 这一点不成立
 }{ $when }。
said-broken-dependency-where = { $sure ->
    [possible] 掩护可能未及其全部地点。
   *[definite] 掩护未及其全部地点。
 }
said-broken-dependency-as-at = 掩护可能缺失{ $where }。
said-broken-dependency-by = 缺少 { $gap }。
said-infeasible-route = { $order } 的一段路程有 { $gap }。
said-infeasible-route-to = 该段终点{ $where }。
said-infeasible-between = { $count ->
   *[other] { $units } 在 { $orders } 之间有 { $gap }。
 }
said-infeasible-needed = 需要 { $required }，含特派团要求的休息。
said-infeasible-way = { $distance } 的路程以 { $speed } 行进需 { $travel }。

## 区域与国家限制

said-uncoordinated-entry = { $sure ->
    [possible] { $order } 可能在
   *[definite] { $order } 在
 } { $zone } 内，即 { $authority } 的区域{ $when }。
said-uncoordinated-entry-through = 进入点 { $entry }，离开点 { $exit }。
said-uncoordinated-entry-inside = 区域内路程 { $inside }。
said-uncoordinated-entry-word = 没有为此与 { $authority } 协调的记录。
said-prohibited-zone = { $sure ->
    [possible] { $order } 可能在
   *[definite] { $order } 在
 } { $zone } 内，该处禁止此活动{ $when }。
said-prohibited-zone-authority = { $authority } 以下任何一级均不能予以豁免。
said-restricted-zone = { $sure ->
    [possible] { $order } 可能进入或穿过
   *[definite] { $order } 进入或穿过
 } { $zone }，该处为限制区{ $when }。
said-restricted-zone-authority = 没有 { $authority } 许可的记录。
said-zone-distance = { $sure ->
    [possible] 距离可能缩至
   *[definite] 距离缩至
 } { $distance }，要求保持 { $required }。
said-zone-basis = 依据：{ $basis }。
said-caveat = { $sure ->
    [possible] { $authority } 声明的限制 { $cited } 可能与 { $order } 不相容。
   *[definite] { $authority } 声明的限制 { $cited } 与 { $order } 不相容。
 }
said-caveat-asked = 指令要求：{ $action }{ $when }。
said-caveat-task = 与其任务有关{ $when }。

## 所见与指令不同

said-task-deviation = { $order } 把 { $units } 置于 { $place }{ $when }。
said-task-deviation-left = { $seen } 见 { $units } 离开 { $place }。
said-task-deviation-outside = { $seen } 见 { $units } 不在 { $place }。
said-task-deviation-distance = 相距 { $distance }，在 { $required } 以内视为在场。
said-task-deviation-coverage-not-assured = { $place } 的掩护没有保证{ $when }。
said-task-deviation-concerns = 涉及 { $orders }。

## 无法检查的内容

said-undecidable-missing = { $order } 无法检查：缺少 { $field }{ $word }。
said-undecidable-reversed = { $order } 无法检查：{ $field }{ $word } 结束早于开始。
said-undecidable-empty = { $order } 无法检查：{ $field }{ $word } 没有时长。
said-undecidable-unreadable = { $order } 无法检查：{ $field }{ $word } 不可读。
said-undecidable-unknown-place = { $order } 无法检查：{ $field }{ $word } 不是特派团的地点。
said-undecidable-unknown-route = { $order } 无法检查：{ $field }{ $word } 不是特派团的路线。
said-undecidable-unknown-unit = { $order } 无法检查：{ $field }{ $word } 不是特派团的部队。
said-undecidable-unknown-section = { $order } 无法检查：{ $field }{ $word } 不是特派团的路段。
said-undecidable-unknown-asset = { $order } 无法检查：{ $field }{ $word } 不是特派团的装备。
said-undecidable-off-route = { $order } 无法检查：{ $field }{ $word } 不在所述路线上。
said-undecidable-no-such-point = { $order } 无法检查：{ $field }{ $word } 不是该路线上的点。
said-undecidable-open-ring = { $order } 无法检查：{ $field }{ $word } 是未闭合的环。
said-undecidable-wide-ring = { $order } 无法检查：{ $field }{ $word } 宽于半个地球。
said-undecidable-wide-path = { $order } 无法检查：{ $field }{ $word } 宽于半个地球。
said-undecidable-crossing-ring = { $order } 无法检查：{ $field }{ $word } 是自相交的环。
said-undecidable-too-long = { $order } 无法检查：{ $field }{ $word } 超过可检查的长度。
said-undecidable-upside-down = { $order } 无法检查：{ $field }{ $word } 上下限颠倒。
said-undecidable-no-extent = { $order } 无法检查：{ $field }{ $word } 是没有范围的图形。
said-undecidable-no-load-class = { $order } 无法检查：{ $field }{ $word } 没有已知的载重等级。
said-undecidable-no-amount = { $order } 无法检查：{ $field }{ $word } 要求的数量为零。
said-undecidable-no-speed = { $order } 无法检查：{ $field }{ $word } 没有已知速度的移动。
said-undecidable-ambiguous = { $order } 无法检查：{ $field }{ $word } 可指多项指令。
said-undecidable-two-contents = { $order } 无法检查：{ $field }{ $word } 收到两种不同内容。
said-undecidable-over-capacity = { $order } 无法检查：已知指令多于 { $field } 允许比较的数量。
said-undecidable-open = 不能排除冲突。

## 存疑之处、状态、可决定方

said-possible = 可能：{ $doubt }。
said-state-open-past = 其时间已过。
said-state-acknowledged = 已确认收到。
said-state-waived = 已豁免。
said-state-closed = 已结案。
said-state-closed-why = 已结案：{ $why }。
said-state-waived-why = 已豁免：{ $why }。
said-state-acknowledged-why = 已确认收到：{ $why }。
said-state-resolved-if-acknowledged = 待 { $names } 确认收到后即解决。
said-arbiter = { $arbiter } 可以决定。
