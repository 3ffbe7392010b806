### مخارج من التعارض: أثر تغيير ما، أو من يمكن التحدث إليه.

## تغيير محسوب

option-removes = { $change }: يزيل التعارض ولا يحدث غيره{ $scope }.
option-others-remain = قد تبقى تعارضاته الأخرى.
option-not-checked = { $change }: لم يُفحص.
option-no-shift = لم يوجد وقت آخر ضمن حد البعثة لـ { $order }{ $scope }.
scope-nothing = { "" }
scope-known = { $count ->
    [zero] { " " }دون أوامر معروفة
    [one] { " " }ضمن أمر معروف واحد
    [two] { " " }ضمن أمرين معروفين
    [few] { " " }ضمن { NUMBER($count, useGrouping: 0) } أوامر معروفة
    [many] { " " }ضمن { NUMBER($count, useGrouping: 0) } أمراً معروفاً
   *[other] { " " }ضمن { NUMBER($count, useGrouping: 0) } أمر معروف
 }
change-later = { $order } متأخراً { $time }
change-earlier = { $order } متقدماً { $time }
change-altitude = { $order } على ارتفاع من { $lower } إلى { $upper }
change-channel = { $order } على { $channel }
change-route = { $order } عبر { $route }
change-asset = { $order } باستخدام { $asset }
change-move-out = { $order } منقولاً { $distance }
change-move-out-towards = { $order } منقولاً { $distance } باتجاه { $bearing } درجة
change-reduce = { $order } بأثر أصغر بمقدار { $distance }
level-any = أي ارتفاع

## ما يمكن طلبه أو التحدث فيه

option-shift = وقت آخر لـ { $order }.
option-headway = تباعد أكبر لـ { $order }.
option-altitude = ارتفاع آخر لـ { $order }.
option-channel = تردد آخر لـ { $order }.
option-route = طريق آخر لـ { $order }.
option-asset = وسائل أخرى لـ { $order }.
option-move-out = مكان آخر لـ { $order }.
option-reduce = أثر أصغر لـ { $order }.
option-liaison = يمكن التحدث مع { $who } بشأن { $order }.
option-permission = يمكن طلب إذن من { $who } لـ { $order }.
option-coordinate = يمكن أن يُطلب من { $who } تنسيق { $order }.
option-refer = { $who } يستطيع أن يقرر.
option-split = يمكن تقسيم الوحدة بين المهام: { $order }.
option-cover = يمكن إضافة تغطية لـ { $order }.
option-withdraw = { $who } يستطيع سحب { $order }.
option-re-issue = { $who } يستطيع إصدار { $order } من جديد.
option-acknowledge = { $who } يستطيع الإقرار باستلام { $order }.
option-merge = يمكن دمج { $order } مع المهمة الأخرى.
option-fix-field = { $who } يستطيع تصحيح { $order }.
issuer-unknown = جهة الإصدار
