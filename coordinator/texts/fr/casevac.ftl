### Évacuations de blessés : où elles en sont, leur horloge 10-1-2, et ce qui est en retard.

casevac-clock = { $what } { $request } : { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }. { $basis ->
    [injury] Blessure { $start_at }
    [about] Blessure vers { $start_at }, heure non exacte
   *[request] Heure de la blessure inconnue, compté depuis l’appel { $start_at }
 }
casevac-received = { $what } { $request } : patients reçus { $done_at }, { $minutes } min après { $basis ->
    [injury] la blessure
    [about] la blessure, heure non exacte
   *[request] l’appel, heure de la blessure inconnue
 }. 10-1-2 : { $verdict ->
    [met] respecté
    [missed] NON RESPECTÉ
   *[unreported] respecté d’après les comptes rendus, aucun sur les premiers soins
 }
casevac-state = { $what } { $request } : { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }
casevac-mark = { $care ->
    [first-aid] Premiers soins
    [resuscitation] Réanimation
   *[surgery] Chirurgie
 } avant { $mark_at } : { $reached ->
    [met] respecté
    [missed] NON RESPECTÉ
    [unreported] aucun compte rendu
    [stopped] horloge arrêtée
   *[open] pas encore
 }
casevac-decision = Décision sur le départ : { $who_decides }, attendue { $due_at }
casevac-launch = Départ prévu à { $launch_at } ; alerte à { $due_at } si rien n’est en mouvement
casevac-undecided = { $what } { $request } : aucune décision sur le départ depuis { $asked_at } ; elle revient à { $who_decides }
casevac-undecided-next = Décidez du départ ; si c’est impossible, dites-le de vive voix à { $who_decides }
casevac-launch-late = DÉPART EN RETARD : { $what } { $request } était prévu à { $launch_at }, personne ne signale de mouvement
casevac-launch-late-next = Signalez le départ, ou dites ce qui le retient et jusqu’à quand
casevac-next = Accusez réception. { $who_decides } décide du départ
casevac-follow = Accusez réception. Suivez l’affaire jusqu’à l’arrivée des patients
