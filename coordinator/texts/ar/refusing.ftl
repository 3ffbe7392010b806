### وحدة لا تستطيع تنفيذ أمر: رد عادي، يبلغ به من أصدر الأمر.

refusing-order = تعذّر على { $who_unit } تنفيذ { $order }: { $code }
refusing-order-unsaid = تعذّر على { $who_unit } تنفيذ { $order }؛ لا يُبيَّن لكم السبب
refusing-next = غيروا الأمر، أو ابحثوا عن طريق آخر، أو اسحبوه؛ اسألوا { $who_unit } عما هو ممكن
