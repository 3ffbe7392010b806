### The words around what goes out by a channel in plain text: labels in capitals, one a line.

label-id = المعرف
label-origin = من
label-level = الدرجة
label-state = الحالة
label-what = ماذا
label-between = بين
label-when = متى
label-where = أين
label-holder = المتولي
label-told = أُبلغوا
label-decides = صاحب القرار
label-waits = بانتظار
label-next = الخطوة التالية
label-way = مخرج ممكن
label-left = لا مكان له في هذا النموذج

holder-nobody = لا أحد بعد
too-long = أطول من سعة هذه القناة: { $size } بايت، والحد الأقصى { $limit }. لم يقتطع شيء. اطلب { $what } من { $who }.
too-long-ask = أطول من اللازم. اسأل { $who }.
ask-coordinator = المنسق
