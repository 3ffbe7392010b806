### Evacuaciones de heridos: cómo van, su reloj 10-1-2 y qué está retrasado.

casevac-clock = { $what } { $request }: { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }. { $basis ->
    [injury] Herida { $start_at }
    [about] Herida hacia { $start_at }, hora no exacta
   *[request] Hora de la herida desconocida, contado desde la solicitud { $start_at }
 }
casevac-received = { $what } { $request }: pacientes recibidos { $done_at }, { $minutes } min después de { $basis ->
    [injury] la herida
    [about] la herida, hora no exacta
   *[request] la solicitud, hora de la herida desconocida
 }. 10-1-2: { $verdict ->
    [met] cumplido
    [missed] NO CUMPLIDO
   *[unreported] cumplido según los informes, ninguno sobre primeros auxilios
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
    [first-aid] Primeros auxilios
    [resuscitation] Reanimación
   *[surgery] Cirugía
 } antes de { $mark_at }: { $reached ->
    [met] cumplido
    [missed] NO CUMPLIDO
    [unreported] sin informe
    [stopped] reloj detenido
   *[open] todavía no
 }
casevac-decision = Decisión sobre la salida: { $who_decides }, se espera { $due_at }
casevac-launch = Salida prevista { $launch_at }; alerta a las { $due_at } si nada está en movimiento
casevac-undecided = { $what } { $request }: sin decisión sobre la salida desde { $asked_at }; corresponde a { $who_decides }
casevac-undecided-next = Decida sobre la salida; si no puede, dígalo de viva voz a { $who_decides }
casevac-launch-late = SALIDA CON RETRASO: { $what } { $request } tenía salida { $launch_at }, nadie informa de movimiento
casevac-launch-late-next = Informe de la salida, o diga qué la retiene y hasta cuándo
casevac-next = Acuse recibo. { $who_decides } decide sobre la salida
casevac-follow = Acuse recibo. Siga el caso hasta que los pacientes sean recibidos
