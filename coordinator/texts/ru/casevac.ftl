### Эвакуация раненых: как она идёт, её часы 10-1-2 и что опаздывает.

casevac-clock = { $what } { $request }: { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }. { $basis ->
    [injury] Ранение { $start_at }
    [about] Ранение около { $start_at }, время неточное
   *[request] Время ранения неизвестно, отсчёт от запроса { $start_at }
 }
casevac-received = { $what } { $request }: пациенты приняты { $done_at }, через { $minutes } мин после { $basis ->
    [injury] ранения
    [about] ранения, время неточное
   *[request] запроса, время ранения неизвестно
 }. 10-1-2: { $verdict ->
    [met] выполнено
    [missed] НЕ ВЫПОЛНЕНО
   *[unreported] по донесениям выполнено, о первой помощи донесения нет
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
    [first-aid] Первая помощь
    [resuscitation] Реанимация
   *[surgery] Операция
 } до { $mark_at }: { $reached ->
    [met] выполнено
    [missed] НЕ ВЫПОЛНЕНО
    [unreported] донесения нет
    [stopped] часы остановлены
   *[open] ещё нет
 }
casevac-decision = Решение о выезде или вылете: { $who_decides }, срок { $due_at }
casevac-launch = Начало движения по плану { $launch_at }; оповещение в { $due_at }, если движения нет
casevac-undecided = { $what } { $request }: решения о начале движения нет с { $asked_at }; решает { $who_decides }
casevac-undecided-next = Решите о начале движения; если не можете, сообщите голосом: { $who_decides }
casevac-launch-late = ЗАДЕРЖКА: { $what } { $request }, начало движения было намечено на { $launch_at }, о движении никто не сообщает
casevac-launch-late-next = Доложите о начале движения, или что его задерживает и до какого времени
casevac-next = Подтвердите. О начале движения решает { $who_decides }
casevac-follow = Подтвердите. Следите за эвакуацией до приёма пациентов
