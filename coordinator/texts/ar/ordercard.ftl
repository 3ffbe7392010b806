### An order as a card: a label and a short line each. What the issuer wrote stays in the issuer's words.

order-card-what = الأمر
order-card-from = من
order-card-who = المنفّذ
order-card-task = المهمة
order-card-where = أين
order-card-way = الطريق
order-card-when = متى
order-card-height = الارتفاع
order-card-with = بـ
order-card-needs = يحتاج إلى
order-card-frequencies = التردد
order-card-permitted = يجوز أن يستمر
order-card-agreed = متفق عليه مع
order-card-depends = يتوقف على
order-card-supporting = في الإسناد
order-card-relies = يعتمد على
order-card-replaces = يحل محل
order-card-cancels = يلغي
order-card-changes = يغيّر
order-card-limits = القيود
order-card-call = للاتصال
order-card-answer = الرد
order-card-full = كاملًا

order-card-change = تغيير في الأوامر
order-card-answer-text = أعد قراءة الوقت والمكان والمهمة. ثم قل { "\u2066WILCO\u2069" }، أو { $cannot } مع رمز.
order-card-draft = لا رد: هذه مسودة ولا تأمر بشيء.
order-card-shape = المنطقة المرسومة أدناه
order-card-after-start = يبدأ بعد بداية { $task }
order-card-after-end = يبدأ بعد نهاية { $task }
order-card-before-start = يبدأ قبل بداية { $task }
order-card-covered-by = التغطية من { $task }
order-card-relief-of = يحل محل { $task }
