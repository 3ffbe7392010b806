### ما يقال عن تعارض أو بطاقة في سطر واحد.

## أجزاء

scene-place = في { $place }
scene-time = { "\u2066" }{ $window }{ "\u2069" }
call = { $own ->
    [yes] ؛ القرار لكم
   *[no] ؛ اتصلوا بـ { $arbiter }
 }
list-and = { $first }، { $next }
another-activity = نشاط آخر

kind-directive = أمر
kind-movement = تحرك
kind-hazard = إشعار خطر
kind-protected-site = موقع محمي
kind-route-state = تقرير طريق
kind-medevac = إخلاء طبي
kind-agreement = اتفاق
kind-other = نشاط

## الأثر لا السبب

torn-incompatible-activities = { $own ->
    [yes] يؤثر نشاط آخر فيما لديكم: { $what }
   *[no] يؤثر نشاط آخر في: { $what }
 } { $party }{ $scene }{ $call }
torn-infeasible = { $own ->
    [yes] لديكم ما لا يمكن تنفيذه كما هو: { $what }
   *[no] لا يمكن تنفيذه كما هو: { $what }
 } { $party }{ $scene }{ $call }
torn-broken-dependency = { $own ->
    [yes] لديكم ما يتوقف على شيء غير مضمون: { $what }
   *[no] يتوقف على شيء غير مضمون: { $what }
 } { $party }{ $scene }{ $call }
torn-nothing = تعنيكم مسألة تنسيق{ $scene }{ $call }

## تعارضات لمن يجوز له أن يعرف كل شيء

finding-incompatible-activities = { $parties }{ $scene }: هذه الأنشطة لا تتوافق{ $call }
finding-contradictory-orders = { $parties }{ $scene }: هذه الأوامر متناقضة{ $call }
finding-asset-overbooked = { $parties }{ $scene }: الوسائل نفسها مكلفة أكثر من مرة{ $call }
finding-route-capacity = { $parties }{ $scene }: أكثر مما يتحمله الطريق{ $call }
finding-uncoordinated-entry = { $parties }{ $scene }: دخول منطقة جهة أخرى دون تنسيق{ $call }
finding-prohibited-zone = { $parties }{ $scene }: داخل منطقة محظورة{ $call }
finding-restricted-zone = { $parties }{ $scene }: داخل منطقة مقيدة{ $call }
finding-caveat = { $parties }{ $scene }: ينطبق قيد وطني{ $call }
finding-mandate = { $parties }{ $scene }: خارج الولاية المسجلة{ $call }
finding-authority = { $parties }{ $scene }: جهة الإصدار لا تقود الوحدة المكلفة{ $call }
finding-command-fork = { $parties }{ $scene }: مقران يقودان وحدة واحدة{ $call }
finding-stale-order = { $parties }{ $scene }: استُبدل هذا الأمر وما زال يُعمل به{ $call }
finding-frequency = { $parties }{ $scene }: التردد نفسه مستخدم{ $call }
finding-broken-dependency = { $parties }{ $scene }: تغيرت مهمة تتوقف عليها هذه المهمة{ $call }
finding-infeasible = { $parties }{ $scene }: لا يمكن تنفيذه في الوقت أو المكان المتاح{ $call }
finding-not-acknowledged = { $parties }{ $scene }: لا إقرار بالاستلام، والبدء قريب{ $call }
finding-misread = { $parties }{ $scene }: رُدد على نحو مختلف، ولا تُحتسب WILCO بعد{ $call }
finding-duplicate-task = { $parties }{ $scene }: المهمة نفسها أُعطيت مرتين{ $call }
finding-undecidable = { $parties }{ $scene }: تعذرت قراءة ما يحسم ذلك{ $call }
finding-task-deviation = { $parties }{ $scene }: المبلغ عنه يختلف عن المهمة{ $call }
