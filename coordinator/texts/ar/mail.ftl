### What the answer to a mail says around the answers to its parts.

mail-accepted = مقبول
mail-kept = محفوظ
mail-refused = مرفوض
mail-partly = مرفوض: { $count } من { $all }
mail-subject = { $verdict }: Re: { $subject }
mail-no-subject = رسالتكم
mail-head = أجزاء رسالتكم الموجهة إلى الناقل: { $all }
mail-part = { $number }. { $file } (بايت: { $bytes })
mail-notes = ما تُرك أو صعبت قراءته:
mail-foot = كتب هذا الرد برنامج. ما رُفض يمكن تصحيحه وإرساله من جديد في رسالة أخرى.

## Why a part is refused. Each says how to mend it.

mail-no-picture = مرفوض: احتفظوا به، فالناقل لا ينقل بعد الصور أو الصوت أو الأفلام. اكتبوا ما يظهر فيه نصاً. { "\u2066sha256\u2069" } { $sha256 }
mail-no-pdf = مرفوض: احتفظوا به، فالناقل لا ينقل بعد PDF. أرسلوا النص في الرسالة، أو الجدول بصيغة CSV أو XLSX. { "\u2066sha256\u2069" } { $sha256 }
mail-no-archive = مرفوض: الناقل لا يفتح الملفات المضغوطة. أرفقوا الملفات واحداً واحداً. { "\u2066sha256\u2069" } { $sha256 }
mail-no-program = مرفوض: هذا برنامج، والناقل لا ينقل البرامج. { "\u2066sha256\u2069" } { $sha256 }
mail-no-calendar = مرفوض: الناقل لا يقرأ مواعيد التقويم. اكتبوا الأوقات والأماكن نصاً. { "\u2066sha256\u2069" } { $sha256 }
mail-no-document = مرفوض: الناقل لا يقرأ مستندات معالج النصوص. انسخوا النص إلى الرسالة، أو احفظوه نصاً عادياً. { "\u2066sha256\u2069" } { $sha256 }
mail-no-tnef = مرفوض: winmail.dat تغليف خاص ببرنامج Outlook. اجعلوا الرسالة نصاً عادياً أو HTML ثم أرسلوها من جديد. { "\u2066sha256\u2069" } { $sha256 }
mail-no-sealed = مرفوض: لا يستطيع الناقل فتح بريد مشفر. أرسلوه دون تشفير عبر اتصال TLS. { "\u2066sha256\u2069" } { $sha256 }
mail-no-fragment = مرفوض: جزء من رسالة، أو إشعار من خادم بريد، ليس تقريراً.
mail-too-deep = مرفوض: يقع داخل أكثر من { $limit } رسائل محولة. حوّلوا الرسالة الداخلية وحدها.
mail-too-many = مرفوض: الحد الأقصى للأجزاء في الرسالة { $limit }. أرسلوا الباقي في رسالة أخرى.

## What was left out of a mail, and what was hard to read

mail-cut-original = الرسالة القديمة في الأسفل، الأسطر: { $count }، ابتداءً من "{ $first }"؛ إن كانت هي التقرير فحوّلوها مرفقاً
mail-cut-signature = التوقيع، الأسطر: { $count }، ابتداءً من "{ $first }"
mail-cut-list = تذييل قائمة بريدية، الأسطر: { $count }، ابتداءً من "{ $first }"
mail-cut-device = "{ $first }"
mail-cut-quote = أسطر مقتبسة: { $count }، أولها "{ $first }"
mail-covering-note = نص الرسالة، عُدّ كلمة مرافقة: "{ $first }"
mail-ignored = { $file }، وهو من مظهر الرسالة أو يوقعها
mail-charset = يقول النص إنه مكتوب بترميز "{ $charset }" وليس كذلك؛ قُرئ بترميز UTF-8
mail-charset-replaced = تعذرت قراءة النص كاملاً بترميز "{ $charset }"؛ حلت محل ما لم يُقرأ علامة مثل �
mail-html-large = صفحة HTML أكبر من تقرير؛ أرسلوا التقرير نصاً عادياً
