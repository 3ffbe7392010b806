### بطاقات جديدة كثيرة جداً تُعرض مجموعة واحدة.

flood-group = مجموعة بطاقات جديدة لـ { $about }: المجموع { NUMBER($count, useGrouping: 0) }
flood-next = انظروا أولاً في أخطر بطاقات المجموعة، ثم أقروا باستلام المجموعة
flood-severity = { $severity ->
    [Extreme] قصوى
    [Severe] شديدة
    [Moderate] متوسطة
   *[Minor] طفيفة
 }: { NUMBER($count, useGrouping: 0) }
flood-kind = { $kind ->
    [conflict] حالات تعارض
    [contact-lost] انقطاع اتصال
    [late-acknowledgement] صمت بعد مهلة
    [overdue] متأخر
    [medical] طبي
    [security] أمني
    [cannot-comply] أوامر يتعذر تنفيذها
    [request] طلبات مساعدة
    [liaison] ارتباط
   *[other] غير ذلك
 }: { NUMBER($count, useGrouping: 0) }
flood-place = في مكان واحد، { $place }: { NUMBER($count, useGrouping: 0) }
flood-places = في أماكن أخرى: { NUMBER($count, useGrouping: 0) }
