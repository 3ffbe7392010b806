### Lost contact and bearers that are down: what was going on before. $valid is the text valid-as-of.

line-valid = { $text } ({ $valid })
card-bearer-down = وسيلة اتصال متوقفة{ $scene }
contact-lost-emergency = تعذر الاتصال بعد بلاغ طارئ من { $about }{ $count ->
    [0] { "" }
    [zero] { "" }
    [one] ، بطاقة واحدة لم تُسلم، أعلى درجة { $severity }
    [two] ، بطاقتان لم تُسلما، أعلى درجة { $severity }
    [few] ، { NUMBER($count, useGrouping: 0) } بطاقات لم تُسلم، أعلى درجة { $severity }
    [many] ، { NUMBER($count, useGrouping: 0) } بطاقة لم تُسلم، أعلى درجة { $severity }
   *[other] ، { NUMBER($count, useGrouping: 0) } بطاقة لم تُسلم، أعلى درجة { $severity }
 }
contact-lost-next = اتصلوا صوتاً بـ { $who }، أو اسألوا من يستطيع الاتصال
bearer-down = وسيلة الاتصال { $bearer } متوقفة منذ { $down_at }: تعذر الاتصال عبرها بالجميع
bearer-child = تعذر الاتصال بـ { $who } منذ { $lost_at }{ $count ->
    [0] { "" }
    [zero] { "" }
    [one] ؛ بطاقة واحدة لم تُسلم
    [two] ؛ بطاقتان لم تُسلما
    [few] ؛ { NUMBER($count, useGrouping: 0) } بطاقات لم تُسلم
    [many] ؛ { NUMBER($count, useGrouping: 0) } بطاقة لم تُسلم
   *[other] ؛ { NUMBER($count, useGrouping: 0) } بطاقة لم تُسلم
 }
bearer-next = اسألوا فريق الإشارة عن { $bearer }؛ واتصلوا بمن خلفها بطريقة أخرى
lost-after-incident = كان قد أبلغ عن حادث: { $id }
lost-after-medevac = كان قد طلب الإخلاء الطبي: { $id }
lost-after-flash = كان قد أرسل رسالة بأعلى درجة استعجال: { $id }
lost-last-report = آخر تقرير: { $id }
lost-no-report = آخر تقرير: { no-information }
lost-last-position = آخر موقع: { $place }
lost-no-position = آخر موقع: { no-information }
lost-last-request = آخر طلب، في { $said_at }: { $asked } ({ $id })
lost-orders = { $count ->
    [zero] لا أوامر بلا إقرار
    [one] أمر واحد بلا إقرار
    [two] أمران بلا إقرار
    [few] { NUMBER($count, useGrouping: 0) } أوامر بلا إقرار
    [many] { NUMBER($count, useGrouping: 0) } أمراً بلا إقرار
   *[other] { NUMBER($count, useGrouping: 0) } أمر بلا إقرار
 }
lost-silence = انتهى الصمت المقرر في { $end_at }
lost-again = انقطع الاتصال مؤخراً: { $count ->
    [zero] لا مرة
    [one] مرة واحدة
    [two] مرتين
    [few] { NUMBER($count, useGrouping: 0) } مرات
    [many] { NUMBER($count, useGrouping: 0) } مرة
   *[other] { NUMBER($count, useGrouping: 0) } مرة
 }
