### 新卡片非常多，作为一组告知。

flood-group = 给 { $about } 的新卡片组：共 { NUMBER($count, useGrouping: 0) }
flood-next = 先看本组中最严重的卡片，然后确认本组
flood-severity = { $severity ->
    [Extreme] 极严重
    [Severe] 严重
    [Moderate] 中等
   *[Minor] 轻微
 }：{ NUMBER($count, useGrouping: 0) }
flood-kind = { $kind ->
    [conflict] 冲突
    [contact-lost] 失去联系
    [late-acknowledgement] 逾时未答复
    [overdue] 逾期
    [medical] 医疗
    [security] 安保
    [cannot-comply] 无法执行的指令
    [request] 求助
    [liaison] 联络
   *[other] 其他
 }：{ NUMBER($count, useGrouping: 0) }
flood-place = 同一地点 { $place }：{ NUMBER($count, useGrouping: 0) }
flood-places = 其他地点：{ NUMBER($count, useGrouping: 0) }
