### التعارض كاملاً لمن يجوز له أن يعرف كل شيء. انظر en/findings.ftl.

## أنشطة لا تتوافق

said-incompatible-activities = { $first } و{ $second } لا يتوافقان.
said-incompatible-activities-both = { $sure ->
    [possible] قد يجتمعان
   *[definite] يجتمعان
 } { $where }{ $when }، خلافاً للقاعدة { $rule }.
said-incompatible-activities-gap = الفاصل: { $gap }. القاعدة { $rule } تتطلب { $required }.
said-incompatible-activities-distance = { $sure ->
    [possible] قد تنقص المسافة بينهما إلى
   *[definite] تنقص المسافة بينهما إلى
 } { $distance }. القاعدة { $rule } تتطلب { $required }.
said-incompatible-activities-meet = { $sure ->
    [possible] قد يلتقيان
   *[definite] يلتقيان
 }. القاعدة { $rule } تتطلب { $required } بينهما.
said-incompatible-activities-heights = الفرق بين ارتفاعيهما { $vertical }. القاعدة { $rule } تتطلب { $required }.
said-incompatible-activities-level = ارتفاعاهما متداخلان. القاعدة { $rule } تتطلب { $required } بينهما.
said-incompatible-activities-precedence = نشرت البعثة: { $rule }.
said-incompatible-activities-advice = قواعد البعثة: { $advice }.

## ما يتحمله الطريق

said-route-capacity = { $order } يستخدم { $place }{ $when }.
said-route-capacity-closed = { $place }: أُبلغ أنه مغلق.
said-route-capacity-load-class = فئة حمولة مركباته { $required }. { $place } يتحمل الفئة { $carried }.
said-route-capacity-both = { $first } و{ $second } يستخدمان { $place }.
said-route-capacity-when = قد يكون كلاهما هناك{ $when }.
said-route-capacity-direction = اتجاهاهما متعاكسان على مسلك واحد.
said-route-capacity-headway = الفاصل: { $gap }. التباعد المطلوب { $required }.

## أوامر تحيل خطأً أو لم يُرد عليها

said-stale-order-stale = { $order } يستند إلى { $cited }، ولم يعد سارياً.
said-stale-order-missing = { $order } يستند إلى { $cited }، وهو غير معروف.
said-stale-order-authority = { $order } يغير { $cited } بلا سلطة على جهة إصداره.
said-stale-order-fork = { $orders }: كل منها يحل محل الأمر نفسه.
said-stale-order-cycle = { $orders } يحل بعضها محل بعض في دائرة.
said-stale-order-acknowledged = { $names }: إقرار بنسخة سابقة من { $order }، لا بالنسخة السارية.
said-not-acknowledged = { $count ->
    [zero] لا رد من { $names }
    [one] لا رد من { $names }
    [two] لا رد من { $names }
    [few] لا ردود من { $names }
    [many] لا ردود من { $names }
   *[other] لا ردود من { $names }
 } على { $order }.
said-start = البدء: { $start }. الرد مستحق قبله بمدة { $notice }.
said-misread = ترديد { $names } يختلف عن { $order }.
said-misread-open = لا تُحتسب WILCO حتى يُردد الأمر كما هو.

## ما أُمرت به وحدة واحدة

said-contradictory-orders = { $first } و{ $second } يكلفان وحدة واحدة في وقت واحد.
said-contradictory-orders-when = قد يكون كلاهما قيد التنفيذ{ $when }.
said-contradictory-orders-exclusive = قواعد البعثة: لا تجمع وحدة واحدة { $one } و{ $other } في وقت واحد.
said-contradictory-orders-remain = أمر يبقي الوحدة في مكانها، والآخر يريدها في مكان آخر.
said-contradictory-orders-apart = المسافة بين المكانين { $distance }.
said-contradictory-orders-travel = يستغرق الطريق { $travel } بسرعة { $speed }.
said-contradictory-orders-spare = الفاصل بين المهمتين { $gap } على الأكثر.
said-command-fork = { $first } و{ $second } يكلفان وحدة واحدة{ $when }.
said-command-fork-issuers = جهتا الإصدار { $one } و{ $other }: لا تقود إحداهما الأخرى.
said-authority = لا تسجل البعثة سلطة لـ { $issuer } على { $order }{ $when }.
said-units = { $count ->
    [zero] الوحدات: { $units }.
    [one] الوحدة: { $units }.
    [two] الوحدتان: { $units }.
    [few] الوحدات: { $units }.
    [many] الوحدات: { $units }.
   *[other] الوحدات: { $units }.
 }
said-relation = المسجل: { $relation }.
said-mandate = { $sure ->
    [possible] { $order } قد يتجاوز الولاية
   *[definite] { $order } يتجاوز الولاية
 }{ $scene }.
said-mandate-actions = لا يشمل أي بند هذا العمل.
said-mandate-place = المكان ليس ضمن الأرض المشمولة.
said-mandate-period = لا تشمل الولاية كل ذلك الوقت.
said-mandate-reference = تلزم سلطة، ولم تُذكر أي سلطة.
said-mandate-clause = البند: { $clause }.
said-duplicate-task = { $first } و{ $second } يأمران بالشيء نفسه.
said-duplicate-task-both = { $sure ->
    [possible] قد يجتمعان
   *[definite] يجتمعان
 } { $where }{ $when }.
said-duplicate-task-unaware = تنفذهما قوات وطنية مختلفة، ولا يذكر أي أمر الآخر.
said-duplicate-task-apart = يختلف المكانان بمقدار { $distance }؛ حتى { $required } يُعدان مكاناً واحداً.

## وسائل مشتركة وترددات وتبعية ووقت قصير

said-asset-overbooked = { $count ->
    [zero] { $orders }: طلب { $asset }{ $when }.
    [one] { $orders } يطلب { $asset }{ $when }.
    [two] { $orders } يطلبان { $asset }{ $when }.
    [few] { $orders } تطلب { $asset }{ $when }.
    [many] { $orders } تطلب { $asset }{ $when }.
   *[other] { $orders } تطلب { $asset }{ $when }.
 }
said-asset-overbooked-uncounted = الطالبون قرب ذلك الوقت كثيرون، فلم تُقارن كل التوليفات.
said-asset-overbooked-perhaps = قد يكون الموعود به أكثر من المتاح.
said-asset-overbooked-crowd = تتجاوز الحد توليفات كثيرة جداً؛ { $count ->
    [zero] لم يُذكر طالب
    [one] ذُكر طالب واحد
    [two] ذُكر الطالبان معاً
    [few] ذُكر الطالبون جميعاً: { NUMBER($count, useGrouping: 0) }
    [many] ذُكر الطالبون جميعاً: { NUMBER($count, useGrouping: 0) }
   *[other] ذُكر الطالبون جميعاً: { NUMBER($count, useGrouping: 0) }
 }.
said-asset-overbooked-turnaround = الفاصل: { $gap }. إعادة التجهيز تستغرق { $required }.
said-asset-overbooked-total = المطلوب { $total }. المتاح في وقت واحد { $capacity }.
said-asset-overbooked-owner = { $authority } صاحب القرار في { $asset }.
said-frequency = { $first } يستخدم { $one }، و{ $second } يستخدم { $other }.
said-frequency-apart = الفاصل: { $apart }. القاعدة { $rule } تتطلب { $required }.
said-frequency-when = قد يبث كلاهما{ $when }.
said-frequency-anywhere = القاعدة { $rule } تتطلب { $required } بينهما.
said-frequency-distance = { $sure ->
    [possible] قد تنقص المسافة بينهما إلى
   *[definite] تنقص المسافة بينهما إلى
 } { $distance }. القاعدة { $rule } تتطلب { $required }.
said-frequency-kept = { $order } يستخدم { $one }.
said-frequency-taboo = { $other } محجوز لـ { $holder } (TABOO).
said-frequency-protected = { $other } محجوز لـ { $holder } (PROTECTED).
said-frequency-guarded = { $other } محجوز لـ { $holder } (GUARDED).
said-frequency-near = الفاصل: { $apart }. الفاصل المطلوب: { $required }.
said-broken-dependency-draft = { $order } يتوقف على { $cited }، وهو لم يصدر.
said-broken-dependency-after-start = { $own }: بدؤه مقرر بعد بدء { $task }.
said-broken-dependency-after-end = { $own }: بدؤه مقرر بعد نهاية { $task }.
said-broken-dependency-before-start = { $own }: نهايته مقررة قبل بدء { $task }.
said-broken-dependency-relief-of = { $own } يبدّل { $task }: بدؤه مقرر قبل نهايته.
said-broken-dependency-time = { $own }: تغطيته مقررة من { $task }.
said-broken-dependency-place = { $own }: تغطيته مقررة من { $task }.
said-broken-dependency-when = { $sure ->
    [possible] قد لا يتحقق ذلك
   *[definite] لا يتحقق ذلك
 }{ $when }.
said-broken-dependency-where = { $sure ->
    [possible] قد لا تبلغ التغطية كل مكانه.
   *[definite] لا تبلغ التغطية كل مكانه.
 }
said-broken-dependency-as-at = قد لا توجد التغطية { $where }.
said-broken-dependency-by = الناقص: { $gap }.
said-infeasible-route = { $order } لديه { $gap } لجزء من مساره.
said-infeasible-route-to = ينتهي ذلك الجزء { $where }.
said-infeasible-between = { $count ->
    [zero] { $units }: { $gap } بين { $orders }.
    [one] { $units }: لديها { $gap } بين { $orders }.
    [two] { $units }: لديهما { $gap } بين { $orders }.
    [few] { $units }: لديها { $gap } بين { $orders }.
    [many] { $units }: لديها { $gap } بين { $orders }.
   *[other] { $units }: لديها { $gap } بين { $orders }.
 }
said-infeasible-needed = يلزم { $required }، مع الراحة التي تتطلبها البعثة.
said-infeasible-way = مسار طوله { $distance } يستغرق { $travel } بسرعة { $speed }.

## مناطق وقيود وطنية

said-uncoordinated-entry = { $sure ->
    [possible] { $order } قد يكون في
   *[definite] { $order } في
 } { $zone }، منطقة { $authority }{ $when }.
said-uncoordinated-entry-through = الدخول: { $entry }. الخروج: { $exit }.
said-uncoordinated-entry-inside = طول المسار في الداخل { $inside }.
said-uncoordinated-entry-word = لا يوجد تنسيق مسجل مع { $authority } لذلك.
said-prohibited-zone = { $sure ->
    [possible] { $order } قد يكون في
   *[definite] { $order } في
 } { $zone }، حيث هو محظور{ $when }.
said-prohibited-zone-authority = لا يستثنيه أحد دون { $authority }.
said-restricted-zone = { $sure ->
    [possible] { $order } قد يمس
   *[definite] { $order } يمس
 } { $zone }، وهي منطقة مقيدة{ $when }.
said-restricted-zone-authority = لا يوجد إذن مسجل من { $authority }.
said-zone-distance = { $sure ->
    [possible] قد تنقص مسافته إلى
   *[definite] تنقص مسافته إلى
 } { $distance }. المسافة المطلوبة { $required }.
said-zone-basis = الأساس: { $basis }.
said-caveat = { $sure ->
    [possible] قيد معلن من { $authority }، { $cited }، قد لا يتوافق مع { $order }.
   *[definite] قيد معلن من { $authority }، { $cited }، لا يتوافق مع { $order }.
 }
said-caveat-asked = الأمر يطلب: { $action }{ $when }.
said-caveat-task = يتعلق ذلك بمهمته{ $when }.

## ما شوهد يختلف عما أُمر به

said-task-deviation = { $order }: مكان { $units } هو { $place }{ $when }.
said-task-deviation-left = شوهدت تغادر { $place }: { $units }، { $seen }.
said-task-deviation-outside = شوهدت خارج { $place }: { $units }، { $seen }.
said-task-deviation-distance = المسافة: { $distance }. حتى { $required } يُعد حاضراً.
said-task-deviation-coverage-not-assured = { $place }: التغطية غير مضمونة{ $when }.
said-task-deviation-concerns = يتعلق ذلك بـ { $orders }.

## ما تعذر فحصه

said-undecidable-missing = تعذر فحص { $order }: { $field }{ $word } غير موجود.
said-undecidable-reversed = تعذر فحص { $order }: { $field }{ $word } ينتهي قبل بدئه.
said-undecidable-empty = تعذر فحص { $order }: { $field }{ $word } بلا مدة.
said-undecidable-unreadable = تعذر فحص { $order }: { $field }{ $word } غير مقروء.
said-undecidable-unknown-place = تعذر فحص { $order }: { $field }{ $word } لا يسمي مكاناً من أماكن البعثة.
said-undecidable-unknown-route = تعذر فحص { $order }: { $field }{ $word } لا يسمي طريقاً من طرق البعثة.
said-undecidable-unknown-unit = تعذر فحص { $order }: { $field }{ $word } لا يسمي وحدة من وحدات البعثة.
said-undecidable-unknown-section = تعذر فحص { $order }: { $field }{ $word } لا يسمي مقطعاً من مقاطع البعثة.
said-undecidable-unknown-asset = تعذر فحص { $order }: { $field }{ $word } لا يسمي وسيلة من وسائل البعثة.
said-undecidable-off-route = تعذر فحص { $order }: { $field }{ $word } يقع خارج الطريق المسمى.
said-undecidable-no-such-point = تعذر فحص { $order }: { $field }{ $word } لا يسمي نقطة على الطريق.
said-undecidable-open-ring = تعذر فحص { $order }: { $field }{ $word } محيط غير مغلق.
said-undecidable-wide-ring = تعذر فحص { $order }: { $field }{ $word } أوسع من نصف الأرض.
said-undecidable-wide-path = تعذر فحص { $order }: { $field }{ $word } أوسع من نصف الأرض.
said-undecidable-crossing-ring = تعذر فحص { $order }: { $field }{ $word } محيط يقطع نفسه.
said-undecidable-too-long = تعذر فحص { $order }: { $field }{ $word } أطول مما يُفحص.
said-undecidable-upside-down = تعذر فحص { $order }: { $field }{ $word } حدوده مقلوبة.
said-undecidable-no-extent = تعذر فحص { $order }: { $field }{ $word } شكل بلا امتداد.
said-undecidable-no-load-class = تعذر فحص { $order }: { $field }{ $word } بلا فئة حمولة معروفة.
said-undecidable-no-amount = تعذر فحص { $order }: { $field }{ $word } يطلب كمية معدومة.
said-undecidable-no-speed = تعذر فحص { $order }: { $field }{ $word } لا يسمي تحركاً معروف السرعة.
said-undecidable-ambiguous = تعذر فحص { $order }: { $field }{ $word } قد يعني عدة أوامر.
said-undecidable-two-contents = تعذر فحص { $order }: { $field }{ $word } وصل بمضمونين مختلفين.
said-undecidable-over-capacity = تعذر فحص { $order }: الأوامر المعروفة أكثر مما يسمح { $field } بمقارنته.
said-undecidable-open = لا يمكن استبعاد تعارض.

## ما فيه شك وما حالته ومن يقرر

said-possible = ممكن: { $doubt }.
said-state-open-past = انقضى وقته.
said-state-acknowledged = تم الإقرار به.
said-state-waived = مُنح استثناء.
said-state-closed = مغلق.
said-state-closed-why = مغلق: { $why }.
said-state-waived-why = مُنح استثناء: { $why }.
said-state-acknowledged-why = تم الإقرار به: { $why }.
said-state-resolved-if-acknowledged = يُحل عند إقرار { $names }.
said-arbiter = { $arbiter } يستطيع أن يقرر.
