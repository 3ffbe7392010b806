### See en/certainty.ftl: three different phrases, never worded alike.

not-confirmed = غير مؤكد
no-information = لا توجد معلومات
valid-as-of = صحيح حتى تاريخ { $at }
