### اسم استعمله غير صاحبه؛ وأطراف لم تُبلغ بالتساوي.

## الأمن

security-claimed = باسم { $whom } لكن المرسل { $who }: لم يُقبل، عدد الرسائل: { NUMBER($count, useGrouping: 0) }
security-claimed-many = بأسماء آخرين عددهم { $others } لكن المرسل { $who }: لم يُقبل، عدد الرسائل: { NUMBER($count, useGrouping: 0) }
security-unknown = باسم لا يحمله أحد هنا، المرسل { $who }: لم يُقبل، عدد الرسائل: { NUMBER($count, useGrouping: 0) }
security-next = نبهوا المعنيين صوتياً: ليس في ذلك أي أمر. الأصل بتاريخ { $first_at } محفوظ دليلاً، رقمه { $raw }

## الأمر نفسه لكل طرف

imbalance-late = { $notice }: لم يصل بعد إيصال من { $whom }، وهو لدى أطراف أخرى
imbalance-excluded = { $notice } لا يصل إلى { $missing } من أصل { $all } من الأطراف: تستثنيهم بطاقة التصنيف
imbalance-words = { $notice }: ما لا يجوز لطرف أن يراه حُذف للجميع، كي يقرأ الجميع النص نفسه
imbalance-settled = { $notice }: لم يبق فرق بين الأطراف
imbalance-next = أبلغوا الآخرين بطريق آخر وبالكلمات نفسها
imbalance-next-label = صححوا التصنيف وأعيدوا الإرسال إلى جميع الأطراف
