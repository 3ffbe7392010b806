### What a sender is told of its input, around what the bus found in it: the parts of one answer, a line each.

answer-accepted = مقبول: { $name }
answer-refused = مرفوض: { $name }
answer-kept = محفوظ: { $name }. سيأتي الرد لاحقا عبر هذه القناة.
answer-where = الموضع: { $path }
answer-why = السبب: { $why }
answer-mend = للتصحيح: { $hint }
answer-again = سبق استلامه: لم يرسل شيء مرتين
answer-ids = المعرفات: { $ids }
answer-more = و{ $count } غيرها
answer-positions = المواقع: { $count }
answer-losses = قيم محفوظة بلا حقل: { $count }
answer-look = راجع: { $text }
answer-input = المدخل: { $input }
