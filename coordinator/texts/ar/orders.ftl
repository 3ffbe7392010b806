### إلى أي مرحلة وصل أمر، وإلى أي مرحلة وصل طلب. لكل مرحلة كلماتها: الوعد لا يُقرأ كأنه واقع.

## مرحلة الأمر لدى وحدة

order-sent = أُرسل، ولا يُعرف هل وصل
order-delivered = سُلم، ولم يقرأه أحد بعد
order-received = استُلم، ولم يُعَد ترديده
order-misread = رُدد على نحو مختلف
order-understood = مفهوم كما أُمر به
order-wilco = { "\u2066WILCO\u2069" }
order-cannot-comply = لا يستطيع التنفيذ
order-own = أصدر التغيير بنفسه
order-withheld = لا يُعرض عليكم

## هل الأمر منسق

coordinated-yes = نعم، ستنفذ كل وحدة منفذة
coordinated-not-yet = ليس بعد، ورد { "\u2066WILCO\u2069" } من { $count } من أصل { $of } (وحدة منفذة)
coordinated-unknown = ليس بعد
coordinated-nobody = لا، لا يسمي أي وحدة منفذة
coordinated-gone = لا، الأمر لم يعد سارياً

## الترديد إلى جانب الأمر

read-time = الوقت
read-place = المكان
read-task = المهمة
read-different = { $field }: الأمر { $ordered }، والترديد { $read }
read-unclear = { $field }: الترديد { $read }، ولا تمكن مقارنته مع { $ordered }

## مرحلة الطلب

request-asked = مطلوب، ولم يعد أحد بشيء
request-planned = مخطط، وعد وليس أمراً بعد
request-ordered = صدر به أمر، ولم يتحرك بعد
request-in-motion = في تحرك
request-done = تم
request-refused = مرفوض
request-withdrawn = تم سحب الطلب من صاحبه
