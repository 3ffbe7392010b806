### ما تقوله البطاقات: ما حدث وما يجب فعله.

## ما حدث

card-conflict = تعارض{ $scene }: { $parties }
card-misread = أُعيدت القراءة بخلاف الأمر{ $scene }: { $parties }
card-crowd = تعارض{ $scene }: عدد الحالات { NUMBER($count, useGrouping: 0) }، أُدرج أخطرها
card-affected = متأثر{ $scene }: { $parties }
card-torn = تعنيكم مسألة تنسيق{ $scene }
card-contact-lost = تعذر الاتصال بـ { $about }{ $count ->
    [0] { "" }
    [zero] { "" }
    [one] ، بطاقة واحدة لم تُسلم، أعلى درجة { $severity }
    [two] ، بطاقتان لم تُسلما، أعلى درجة { $severity }
    [few] ، { NUMBER($count, useGrouping: 0) } بطاقات لم تُسلم، أعلى درجة { $severity }
    [many] ، { NUMBER($count, useGrouping: 0) } بطاقة لم تُسلم، أعلى درجة { $severity }
   *[other] ، { NUMBER($count, useGrouping: 0) } بطاقة لم تُسلم، أعلى درجة { $severity }
 }
card-late-acknowledgement = لا إقرار بالاستلام من { $about }{ $scene }
late-acknowledgement-call = لا إقرار بالاستلام من { $about }{ $scene }: اتصلوا صوتاً
card-not-accepted = إجراؤكم لم يغير شيئاً
not-accepted-stale = إجراؤكم لم يغير شيئاً: تغيرت البطاقة منذ أن رأيتموها
not-accepted-merged = إجراؤكم لم يغير شيئاً: البطاقة الآن جزء من أخرى
not-accepted-settled = إجراؤكم لم يغير شيئاً: لم يبق ما يُفعل في هذه البطاقة
not-accepted-unknown = إجراؤكم لم يغير شيئاً: لم تُعرض عليكم بطاقة كهذه
not-accepted-unsupported = إجراؤكم لم يغير شيئاً: لا يمكن ذلك مع هذه البطاقة
card-integrity = لا يمكن الوثوق بالسجل كما هو: أبلغوا المشغل
card-overdue = تأخر { $about }{ $scene }
card-medical = حالة طبية طارئة{ $scene }
card-security = حادث أمني{ $scene }
card-cannot-comply = تعذّر على { $about } تنفيذ أمر{ $scene }
card-request = طلب مساعدة{ $scene }
card-liaison = مسألة ارتباط{ $scene }
card-unwatched = لا أحد في المناوبة{ $scene }
card-imbalance = لم تُبلَّغ الأطراف في الوقت نفسه{ $scene }
card-disagreement = تقارير غير متفقة{ $scene }
card-flood = بطاقات جديدة كثيرة جدًا: تُعرض في مجموعات

## ما يجب فعله

next-acknowledge = { $known ->
    [own] أقروا بالاستلام، ثم سووا المسألة: القرار لكم
    [yes] أقروا بالاستلام، ثم سووا المسألة مع { $arbiter }
   *[no] أقروا بالاستلام
 }
next-settle = { $known ->
    [own] سووا المسألة: القرار لكم
    [yes] سووا المسألة مع { $arbiter }
   *[no] سووا المسألة مع المعنيين
 }
next-wait = انتظروا الإقرار بالاستلام الذي يحل المسألة
next-wait-for = انتظروا الإقرار بالاستلام من { $names }
next-others = أقررتم بالاستلام؛ ولم يقر آخرون بعد
next-nothing = لا شيء يُفعل
