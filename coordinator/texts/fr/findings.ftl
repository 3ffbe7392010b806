### Un constat entier, pour qui peut tout en savoir. Voir en/findings.ftl.

## Des activités incompatibles

said-incompatible-activities = { $first } et { $second } sont incompatibles.
said-incompatible-activities-both = { $sure ->
    [possible] Possiblement ensemble
   *[definite] Ensemble
 } { $where }{ $when }, contre la règle { $rule }.
said-incompatible-activities-gap = Écart : { $gap }. { $rule } requiert { $required }.
said-incompatible-activities-distance = { $sure ->
    [possible] Leur distance peut se réduire à
   *[definite] Leur distance se réduit à
 } { $distance }. { $rule } requiert { $required }.
said-incompatible-activities-meet = { $sure ->
    [possible] Ils peuvent se rencontrer
   *[definite] Ils se rencontrent
 }. { $rule } requiert { $required } entre eux.
said-incompatible-activities-heights = Leurs hauteurs diffèrent de { $vertical }. { $rule } requiert { $required }.
said-incompatible-activities-level = Leurs hauteurs se chevauchent. { $rule } requiert { $required } entre elles.
said-incompatible-activities-precedence = La mission a publié : { $rule }.
said-incompatible-activities-advice = Règles de la mission : { $advice }.

## Ce que porte un itinéraire

said-route-capacity = { $order } emprunte { $place }{ $when }.
said-route-capacity-closed = { $place } : signalé fermé.
said-route-capacity-load-class = Classe de charge de ses véhicules : { $required }. { $place } porte la classe { $carried }.
said-route-capacity-both = { $first } et { $second } empruntent { $place }.
said-route-capacity-when = Les deux peuvent s’y trouver{ $when }.
said-route-capacity-direction = Leurs sens sont opposés sur une voie unique.
said-route-capacity-headway = Écart : { $gap }. L’espacement requis est { $required }.

## Des ordres mal reliés, ou restés sans réponse

said-stale-order-stale = { $order } cite { $cited }, qui n’est plus en vigueur.
said-stale-order-missing = { $order } cite { $cited }, qui n’est pas connu.
said-stale-order-authority = { $order } modifie { $cited } sans autorité sur son émetteur.
said-stale-order-fork = { $orders } remplacent chacun le même ordre.
said-stale-order-cycle = { $orders } se remplacent en boucle.
said-stale-order-acknowledged = { $names } : accusé de réception d’une version antérieure de { $order }, pas de celle en vigueur.
said-not-acknowledged = { $count ->
    [one] { $names } n’a pas répondu
   *[other] { $names } n’ont pas répondu
 } à { $order }.
said-start = Début : { $start }. Une réponse est due { $notice } avant.
said-misread = { $names } a collationné { $order } autrement.
said-misread-open = WILCO ne compte pas tant que l’ordre n’est pas collationné tel quel.

## Ce qui est ordonné à une unité

said-contradictory-orders = { $first } et { $second } emploient la même unité en même temps.
said-contradictory-orders-when = Les deux peuvent être en cours{ $when }.
said-contradictory-orders-exclusive = Règles de la mission : une unité ne peut pas { $one } et { $other } en même temps.
said-contradictory-orders-remain = Un ordre maintient l’unité sur place, l’autre la veut ailleurs.
said-contradictory-orders-apart = Distance entre les deux lieux : { $distance }.
said-contradictory-orders-travel = Le trajet prend { $travel } à { $speed }.
said-contradictory-orders-spare = Écart entre les tâches : { $gap } au plus.
said-command-fork = { $first } et { $second } emploient la même unité{ $when }.
said-command-fork-issuers = De leurs émetteurs { $one } et { $other }, aucun ne commande l’autre.
said-authority = La mission n’enregistre aucune autorité de { $issuer } pour { $order }{ $when }.
said-units = { $count ->
    [one] Unité : { $units }.
   *[other] Unités : { $units }.
 }
said-relation = Enregistré : { $relation }.
said-mandate = { $sure ->
    [possible] { $order } peut dépasser le mandat
   *[definite] { $order } dépasse le mandat
 }{ $scene }.
said-mandate-actions = Aucune clause ne couvre l’action.
said-mandate-place = Le lieu n’est pas dans le terrain couvert.
said-mandate-period = Il ne couvre pas toute cette période.
said-mandate-reference = Il requiert une autorité, et aucune n’est citée.
said-mandate-clause = Clause : { $clause }.
said-duplicate-task = { $first } et { $second } ordonnent la même chose.
said-duplicate-task-both = { $sure ->
    [possible] Possiblement ensemble
   *[definite] Ensemble
 } { $where }{ $when }.
said-duplicate-task-unaware = Des contingents différents les exécutent, et aucun ordre ne nomme l’autre.
said-duplicate-task-apart = Les lieux diffèrent de { $distance } ; jusqu’à { $required } ils comptent pour un seul.

## Moyens partagés, fréquences, dépendances, temps trop court

said-asset-overbooked = { $count ->
    [one] { $orders } requiert { $asset }{ $when }.
   *[other] { $orders } requièrent { $asset }{ $when }.
 }
said-asset-overbooked-uncounted = Tant d’autres le requièrent vers cette heure que toutes les combinaisons n’ont pas été comparées.
said-asset-overbooked-perhaps = Trop peut être promis.
said-asset-overbooked-crowd = { $count ->
    [one] Trop de combinaisons dépassent ; { NUMBER($count, useGrouping: 0) } requérant est nommé.
   *[other] Trop de combinaisons dépassent ; les { NUMBER($count, useGrouping: 0) } qui le requièrent alors sont nommés ensemble.
 }
said-asset-overbooked-turnaround = Écart : { $gap }. Sa remise en œuvre prend { $required }.
said-asset-overbooked-total = Besoin : { $total }. Capacité simultanée : { $capacity }.
said-asset-overbooked-owner = { $authority } décide de { $asset }.
said-frequency = { $first } utilise { $one }, { $second } utilise { $other }.
said-frequency-apart = Écart : { $apart }. { $rule } requiert { $required }.
said-frequency-when = Les deux peuvent émettre{ $when }.
said-frequency-anywhere = { $rule } requiert { $required } entre elles.
said-frequency-distance = { $sure ->
    [possible] Leur distance peut se réduire à
   *[definite] Leur distance se réduit à
 } { $distance }. { $rule } requiert { $required }.
said-frequency-kept = { $order } utilise { $one }.
said-frequency-taboo = { $other } est réservée à { $holder } (TABOO).
said-frequency-protected = { $other } est réservée à { $holder } (PROTECTED).
said-frequency-guarded = { $other } est réservée à { $holder } (GUARDED).
said-frequency-near = Écart : { $apart }. Écart requis : { $required }.
said-broken-dependency-draft = { $order } dépend de { $cited }, qui n’est pas diffusé.
said-broken-dependency-after-start = { $own } est à commencer après le début de { $task }.
said-broken-dependency-after-end = { $own } est à commencer après la fin de { $task }.
said-broken-dependency-before-start = { $own } est à finir avant le début de { $task }.
said-broken-dependency-relief-of = { $own } relève { $task }, et est à commencer avant sa fin.
said-broken-dependency-time = { $own } est à couvrir par { $task }.
said-broken-dependency-place = { $own } est à couvrir par { $task }.
said-broken-dependency-when = { $sure ->
    [possible] Cela peut ne pas tenir
   *[definite] Cela ne tient pas
 }{ $when }.
said-broken-dependency-where = { $sure ->
    [possible] La couverture peut ne pas atteindre tout son lieu.
   *[definite] La couverture n’atteint pas tout son lieu.
 }
said-broken-dependency-as-at = Elle peut manquer { $where }.
said-broken-dependency-by = Il manque { $gap }.
said-infeasible-route = { $order } a { $gap } pour une partie de son parcours.
said-infeasible-route-to = Cette partie finit { $where }.
said-infeasible-between = { $count ->
    [one] { $units } a { $gap } entre { $orders }.
   *[other] { $units } ont { $gap } entre { $orders }.
 }
said-infeasible-needed = Il faut { $required }, avec le repos que la mission requiert.
said-infeasible-way = { $distance } de parcours prennent { $travel } à { $speed }.

## Zones et restrictions nationales

said-uncoordinated-entry = { $sure ->
    [possible] { $order } peut être dans
   *[definite] { $order } est dans
 } { $zone }, la zone de { $authority }{ $when }.
said-uncoordinated-entry-through = Entrée : { $entry }. Sortie : { $exit }.
said-uncoordinated-entry-inside = Longueur du parcours à l’intérieur : { $inside }.
said-uncoordinated-entry-word = Aucune coordination avec { $authority } n’est enregistrée pour cela.
said-prohibited-zone = { $sure ->
    [possible] { $order } peut être dans
   *[definite] { $order } est dans
 } { $zone }, où cela est interdit{ $when }.
said-prohibited-zone-authority = Personne au-dessous de { $authority } ne peut l’exempter.
said-restricted-zone = { $sure ->
    [possible] { $order } peut toucher
   *[definite] { $order } touche
 } { $zone }, zone réglementée{ $when }.
said-restricted-zone-authority = Aucune permission de { $authority } n’est enregistrée.
said-zone-distance = { $sure ->
    [possible] Sa distance peut se réduire à
   *[definite] Sa distance se réduit à
 } { $distance } ; { $required } sont à garder.
said-zone-basis = Fondement : { $basis }.
said-caveat = { $sure ->
    [possible] Une restriction déclarée de { $authority }, { $cited }, peut ne pas être compatible avec { $order }.
   *[definite] Une restriction déclarée de { $authority }, { $cited }, n’est pas compatible avec { $order }.
 }
said-caveat-asked = L’ordre requiert : { $action }{ $when }.
said-caveat-task = Il s’agit de sa tâche{ $when }.

## Ce qui est vu diffère de ce qui est ordonné

said-task-deviation = { $order } place { $units } à { $place }{ $when }.
said-task-deviation-left = Vu en train de quitter { $place } : { $units }, { $seen }.
said-task-deviation-outside = Vu hors de { $place } : { $units }, { $seen }.
said-task-deviation-distance = Distance : { $distance }. Jusqu’à { $required } compte comme sur place.
said-task-deviation-coverage-not-assured = { $place } : couverture non assurée{ $when }.
said-task-deviation-concerns = Cela concerne { $orders }.

## Ce qui n’a pas pu être vérifié

said-undecidable-missing = { $order } n’a pas pu être vérifié : { $field }{ $word } manque.
said-undecidable-reversed = { $order } n’a pas pu être vérifié : { $field }{ $word } finit avant de commencer.
said-undecidable-empty = { $order } n’a pas pu être vérifié : { $field }{ $word } est sans durée.
said-undecidable-unreadable = { $order } n’a pas pu être vérifié : { $field }{ $word } est illisible.
said-undecidable-unknown-place = { $order } n’a pas pu être vérifié : { $field }{ $word } ne nomme aucun lieu de la mission.
said-undecidable-unknown-route = { $order } n’a pas pu être vérifié : { $field }{ $word } ne nomme aucun itinéraire de la mission.
said-undecidable-unknown-unit = { $order } n’a pas pu être vérifié : { $field }{ $word } ne nomme aucune unité de la mission.
said-undecidable-unknown-section = { $order } n’a pas pu être vérifié : { $field }{ $word } ne nomme aucun tronçon de la mission.
said-undecidable-unknown-asset = { $order } n’a pas pu être vérifié : { $field }{ $word } ne nomme aucun moyen de la mission.
said-undecidable-off-route = { $order } n’a pas pu être vérifié : { $field }{ $word } est hors de l’itinéraire nommé.
said-undecidable-no-such-point = { $order } n’a pas pu être vérifié : { $field }{ $word } ne nomme aucun point de l’itinéraire.
said-undecidable-open-ring = { $order } n’a pas pu être vérifié : { $field }{ $word } est un contour non fermé.
said-undecidable-wide-ring = { $order } n’a pas pu être vérifié : { $field }{ $word } dépasse la moitié de la terre.
said-undecidable-wide-path = { $order } n’a pas pu être vérifié : { $field }{ $word } dépasse la moitié de la terre.
said-undecidable-crossing-ring = { $order } n’a pas pu être vérifié : { $field }{ $word } est un contour qui se croise.
said-undecidable-too-long = { $order } n’a pas pu être vérifié : { $field }{ $word } dépasse la longueur vérifiée.
said-undecidable-upside-down = { $order } n’a pas pu être vérifié : { $field }{ $word } a ses limites inversées.
said-undecidable-no-extent = { $order } n’a pas pu être vérifié : { $field }{ $word } est une forme sans étendue.
said-undecidable-no-load-class = { $order } n’a pas pu être vérifié : { $field }{ $word } est sans classe de charge connue.
said-undecidable-no-amount = { $order } n’a pas pu être vérifié : { $field }{ $word } requiert une quantité nulle.
said-undecidable-no-speed = { $order } n’a pas pu être vérifié : { $field }{ $word } ne nomme aucun mouvement de vitesse connue.
said-undecidable-ambiguous = { $order } n’a pas pu être vérifié : { $field }{ $word } peut désigner plusieurs ordres.
said-undecidable-two-contents = { $order } n’a pas pu être vérifié : { $field }{ $word } est arrivé avec deux contenus différents.
said-undecidable-over-capacity = { $order } n’a pas pu être vérifié : plus d’ordres sont connus que { $field } ne permet d’en comparer.
said-undecidable-open = Un conflit ne peut pas être exclu.

## Ce qui est en doute, où cela en est, qui peut décider

said-possible = Possible : { $doubt }.
said-state-open-past = Sa période est passée.
said-state-acknowledged = Accusé de réception donné.
said-state-waived = Dérogation donnée.
said-state-closed = Clos.
said-state-closed-why = Clos : { $why }.
said-state-waived-why = Dérogation donnée : { $why }.
said-state-acknowledged-why = Accusé de réception donné : { $why }.
said-state-resolved-if-acknowledged = Résolu dès accusé de réception par { $names }.
said-arbiter = { $arbiter } peut décider.
