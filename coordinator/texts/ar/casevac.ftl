### إخلاء المصابين: أين وصل، وساعته، وما تأخر.

casevac-clock = { $what } { $request }: { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }. { $basis ->
    [injury] وقت الإصابة { $start_at }
    [about] وقت الإصابة نحو { $start_at }، غير دقيق
   *[request] وقت الإصابة غير معروف، والحساب من الطلب { $start_at }
 }
casevac-received = { $what } { $request }: تم استقبال المرضى { $done_at }، بعد { $minutes } دقيقة من { $basis ->
    [injury] الإصابة
    [about] الإصابة، والوقت غير دقيق
   *[request] الطلب، ووقت الإصابة غير معروف
 }. { "\u206610-1-2\u2069" }: { $verdict ->
    [met] تحقق
    [missed] لم يتحقق
   *[unreported] تحقق حسب التقارير، ولا تقرير عن الإسعاف الأولي
 }
casevac-state = { $what } { $request }: { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }
casevac-mark = { $care ->
    [first-aid] الإسعاف الأولي
    [resuscitation] الإنعاش
   *[surgery] الجراحة
 } قبل { $mark_at }: { $reached ->
    [met] تحقق
    [missed] لم يتحقق
    [unreported] لا تقرير
    [stopped] توقفت الساعة
   *[open] ليس بعد
 }
casevac-decision = قرار الانطلاق: { $who_decides }، موعده { $due_at }
casevac-launch = الانطلاق مخطط { $launch_at }؛ إنذار عند { $due_at } إن لم يتحرك أحد
casevac-undecided = { $what } { $request }: لا قرار بالانطلاق منذ { $asked_at }؛ القرار لدى { $who_decides }
casevac-undecided-next = قرروا الانطلاق؛ وإن تعذر فأبلغوا { $who_decides } صوتياً
casevac-launch-late = تأخر الانطلاق: { $what } { $request } كان موعده { $launch_at } ولا أحد يفيد بالتحرك
casevac-launch-late-next = أبلغوا عن الانطلاق، أو عما يؤخره وإلى متى
casevac-next = أقروا بالاستلام. قرار الانطلاق لدى { $who_decides }
casevac-follow = أقروا بالاستلام. تابعوا الإخلاء حتى استقبال المرضى
