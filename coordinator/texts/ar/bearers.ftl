### ما يقال عن القنوات نفسها.

channel-test = اختبار. هذا اختبار للقناة { $channel } لدى { $who }. لا يلزم فعل شيء.
repeat-head = تكرار: لم يرد الإقرار بعد
undelivered-flash = لم تصل رسالة FLASH إلى { $who } عبر القناة { $channel }
undelivered-next = اتصل صوتيا بـ { $who } ثم اطلب فحص القناة
emergency-over = انتهت هذه الحالة الطارئة
card-undelivered = لم تسلم رسالة FLASH{ $scene }
