### Reports that do not agree: what they are about, and what each says. Nobody is said to be right.

disagree-route = التقارير غير متفقة على إمكان استخدام { $place }: { not-confirmed }
disagree-class = التقارير غير متفقة على فئة حمولة { $place }: { not-confirmed }
disagree-hazard = التقارير غير متفقة على بقاء الخطر في { $place }: { not-confirmed }
disagree-casualties = التقارير غير متفقة على عدد المصابين في { $place }: { not-confirmed }
disagree-site = التقارير غير متفقة على استمرار استخدام { $place }: { not-confirmed }
disagree-strength = التقارير غير متفقة على قوام { $who_of }: { not-confirmed }
disagree-next = اطلبوا من الطرفين تقريراً جديداً
says-open = { $who }: مفتوح ({ $id })
says-caution = { $who }: مفتوح مع الحذر ({ $id })
says-closed = { $who }: مغلق ({ $id })
says-class = { $who }: فئة حمولة { $number } ({ $id })
says-danger = { $who }: يوجد خطر ({ $id })
says-lifted = { $who }: زال الخطر ({ $id })
says-used = { $who }: قيد الاستخدام ({ $id })
says-removed = { $who }: لم يعد قيد الاستخدام ({ $id })
says-killed = { $who }: عدد القتلى { $number } ({ $id })
says-injured = { $who }: عدد الجرحى { $number } ({ $id })
says-missing = { $who }: عدد المفقودين { $number } ({ $id })
says-strength = { $who }: عدد الحاضرين { $number } ({ $id })
