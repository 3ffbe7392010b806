### الكلمات التي تتكون منها جمل التعارضات.

## من وأين ومتى

order-named = { $id } ({ $what })
order-unnamed = أمر لا تجوز تسميته
order-another = أمر آخر
list-both = { $first } و{ $next }
list-either = { $first } أو { $next }
list-others = { $names } وغيرها
where-there = في المكان نفسه
where-at = في { $place }
when-nothing = { "" }
when-always = { " " }في كل وقت
when-from = { " " }من { $start }
when-until = { " " }حتى { $end }
when-between = { " " }من { $start } إلى { $end }
scene-nowhere = { $when }
scene-where = { " " }في { $place }{ $when }
word-nothing = { "" }
word-quoted = { " " }"{ $word }"

## علاقة قيادة وما يحدها

relation = { $superior } { $name } { $unit }{ $for }{ $when }{ $also }
relation-all = { "" }
relation-for = { " " }من أجل { $actions }

## ما هي الرسالة

what-exclusive = { $what } على وجه الحصر
what-order = أمر
what-order-to-move = أمر بالتحرك
what-order-to-patrol = أمر بالدورية
what-order-to-observe = أمر بالمراقبة
what-order-to-hold = أمر بالتمسك بالموقع
what-order-to-secure = أمر بالتأمين
what-order-to-escort = أمر بالمرافقة
what-order-to-block = أمر بالسد
what-order-to-control = أمر بالسيطرة
what-order-to-search = أمر بالتفتيش
what-order-to-clear = أمر بالتطهير
what-order-to-engineer = أمر بأعمال هندسية
what-order-to-resupply = أمر بالإمداد
what-order-to-medevac = أمر بالإخلاء الطبي
what-order-to-air-mission = أمر بالطيران
what-order-to-airspace = أمر بإدارة المجال الجوي
what-order-to-use-of-force = أمر باستخدام القوة
what-order-to-comms = أمر بالاتصالات
what-order-to-aid = أمر بالمساعدة
what-patrol-movement = دورية
what-convoy-movement = رتل
what-logistics-movement = تحرك لوجستي
what-humanitarian-movement = تحرك إنساني
what-flight-movement = رحلة جوية
what-vessel-movement = تحرك سفينة
what-recce-movement = استطلاع
what-admin-movement = تحرك إداري
what-range-hazard = رماية في ميدان
what-demolition-hazard = تفجير
what-illumination-hazard = رماية إنارة
what-fire-hazard = خطر حريق
what-spray-hazard = رش
what-uxo-hazard = ذخائر غير منفجرة
what-mine-hazard = ألغام
what-impact-hazard = منطقة سقوط
what-other-hazard = خطر
what-incident = حادث { $category }
what-protected-site = موقع محمي

## ما يطلبه الأمر

action-move = التحرك
action-patrol = الدورية
action-observe = المراقبة
action-hold = التمسك بالموقع
action-secure = التأمين
action-escort = المرافقة
action-block = السد
action-control = السيطرة
action-search = التفتيش
action-clear = التطهير
action-engineer = الأعمال الهندسية
action-resupply = الإمداد
action-medevac = إخلاء المصابين
action-air-mission = الطيران
action-airspace = إدارة المجال الجوي
action-use-of-force = استخدام القوة
action-comms = إقامة الاتصالات
action-aid = تقديم المساعدة
action-other = عمل آخر

## ما يجعل التعارض ممكناً فقط

doubt-times = الأوقات غير دقيقة
doubt-progress = الموقع على المسار غير دقيق
doubt-heights = الفصل بالارتفاع غير مثبت، والارتفاعات تستخدم مراجع مختلفة
doubt-unit = قد يكون جزءاً من الوحدة فقط
doubt-position = موقع الوحدة غير دقيق
doubt-positions = أحد المواقع معطى ضمن خطئه الدائري فقط
doubt-effort = ما يجب مقارنته جزءاً جزءاً كثير جداً
doubt-relation = علاقة القيادة لا تدوم طوال المهمة
doubt-action = ليس لدى الناقل كلمة لهذا العمل
doubt-reach = المكان في الداخل، وما حوله يمتد إلى الخارج
doubt-place = أحدهما لا يذكر مكاناً أمكنت قراءته
doubt-speed = سرعة الوحدة غير دقيقة
doubt-extent = جزء من مكانه فقط يقع في الخارج
doubt-caveat-units = يلزم جزءاً من الوحدة
doubt-caveat-vehicles = المركبات غير معروفة بما يكفي
doubt-caveat-transport = قد ينقل آخرين
doubt-caveat-scope = لا يذكر الإعلان أي مهمة
doubt-caveat-place = المكان غير معروف
doubt-caveat-night = ليس من المؤكد أن الشمس غربت عندئذ

## ما غيّر الحالة

why-amended = عدّله { $names }
why-revised = نقّحه { $names }
why-withdrawn = سحبه { $names }
why-re-rated = غيّر تصنيفه { $names }
why-over = انتهى
why-past = كان في تعارض
why-list = { $first }؛ { $next }
