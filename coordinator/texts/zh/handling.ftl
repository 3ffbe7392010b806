### 值班军官对卡片的处理：操作为何未改变任何内容，以及下一步。

not-accepted-taken = { $known ->
    [yes] 您的操作未改变任何内容：已由 { $who } 接手
   *[no] 您的操作未改变任何内容：已有人接手；卡片上显示由谁负责
 }
not-accepted-not-yours = 您的操作未改变任何内容：只有卡片负责方、总部或值班席可以这样做
not-accepted-findings = 您的操作未改变任何内容：问题仍在，卡片保持打开。请解决问题或予以豁免
not-accepted-lasting = 您的操作未改变任何内容：卡片所述情况仍在持续。情况结束时卡片随之结束
not-accepted-long = 您的操作未改变任何内容：说明或职务最多 { $limit } 个字符
not-accepted-reason = 您的操作未改变任何内容：需要理由。请附说明再做一次
not-accepted-person = 您的操作未改变任何内容：需要说明决定者的职务
not-accepted-second = 您的操作未改变任何内容：您已是第一位关闭此卡片的人。还需另一人关闭
not-accepted-extreme = 您的操作未改变任何内容：此严重程度的卡片不能搁置
not-accepted-until = 您的操作未改变任何内容：需要结束时间，不迟于 { $latest_at }
not-accepted-nobody = 您的操作未改变任何内容：此卡片不能移交给该参与方
not-accepted-no-offer = 您的操作未改变任何内容：目前无人向您移交此卡片
not-accepted-open = 您的操作未改变任何内容：卡片处于打开状态

next-shelved = 搁置至 { $until_at }；届时或有变化时恢复
next-take-over = { $who } 向您移交：确认收到即接手，也可拒绝
next-offered = 已提出移交给 { $who }：对方确认之前仍由您负责
next-second = { $who } 已关闭：还需另一人关闭

label-typed = 录入方
label-spoken = 口述者
