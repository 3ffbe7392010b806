### نداءات المساعدة وطلبات الارتباط والجلسات.

## بطاقة عن نداء مساعدة

call-untaken = نداء مساعدة { $request } من { $who_asker }: لم يتوله أحد حتى { $due_at }. { $subject }
call-declined = نداء مساعدة { $request } من { $who_asker }: اعتذر كل من طُلب منهم. وهو لدى { $who_owner } منذ { $since_at }. { $subject }
call-promised = نداء مساعدة { $request } من { $who_asker }: وعد من { $who_owner } منذ { $since_at }، وحتى { $due_at } لا أمر ولا تحرك. { $subject }
call-ordered = نداء مساعدة { $request } من { $who_asker }: صدر به أمر وهو لدى { $who_owner } منذ { $since_at }، وحتى { $due_at } لا تحرك. { $subject }
call-partly = نداء مساعدة { $request } من { $who_asker }: حتى { $due_at } لا وعد إلا بجزء منه. والباقي لدى { $who_owner }. { $subject }
call-untaken-next = أجيبوا { $who_asker }: بوعد، أو باعتذار مع ذكر السبب
call-declined-next = ابحثوا عن جهة أخرى، أو ارفضوا نهائياً؛ وأبلغوا { $who_asker }
call-promised-next = اسألوا { $who_owner } صوتاً هل من تحرك، وأبلغوا { $who_asker } بالواقع
call-ordered-next = اسألوا { $who_owner } صوتاً عن المكان، وأبلغوا { $who_asker } بالواقع
call-partly-next = ابحثوا عن الباقي، أو أبلغوا { $who_asker } بعدم وجوده
call-line-open = بلا وعد: { $item }
call-line-declined = اعتذار { $who } في { $declined_at }: { $reason }

## وضع الطلب وكل بند من بنوده

liaison-open = مفتوح
liaison-partially = موعود به جزئياً
liaison-answered = أُجيب عنه
liaison-declined = اعتذر كل من طُلب منهم
liaison-withdrawn = تم سحبه
liaison-expired = انتهت مهلته ولم يعد أحد بشيء
item-open = بلا رد
item-partially = موعود به في جزء منه
item-accepted = موعود به
item-provisional = موعود به بشروط لم يقبلها الطالب
item-declined = اعتذر عنه كل من طُلب منهم

## وضع الجلسة

session-open = لا نص متفق عليه
session-agreed = نص متفق عليه، وليس أمراً
session-withdrawn = أغلقها من فتحها
session-expired = انتهت مهلتها بلا نص متفق عليه
