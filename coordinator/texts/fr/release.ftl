### Ce qui est dit d’un constat ou d’une fiche en une ligne.

## Pièces

scene-place = à { $place }
scene-time = { $window }
call = { $own ->
    [yes] { " " }; vous pouvez décider
   *[no] { " " }; appelez { $arbiter }
 }
list-and = { $first }, { $next }
another-activity = autre activité

kind-directive = ordre
kind-movement = mouvement
kind-hazard = avis de danger
kind-protected-site = site protégé
kind-route-state = compte rendu d’itinéraire
kind-medevac = évacuation sanitaire
kind-agreement = accord
kind-other = activité

## L’effet, jamais la cause

torn-incompatible-activities = { $own ->
    [yes] Une autre activité affecte votre { $what }
   *[no] Une autre activité affecte : { $what }
 } { $party }{ $scene }{ $call }
torn-infeasible = { $own ->
    [yes] Ne peut pas être exécuté en l’état : votre { $what }
   *[no] Ne peut pas être exécuté en l’état : { $what }
 } { $party }{ $scene }{ $call }
torn-broken-dependency = { $own ->
    [yes] Dépend d’un élément non assuré : votre { $what }
   *[no] Dépend d’un élément non assuré : { $what }
 } { $party }{ $scene }{ $call }
torn-nothing = Un problème de coordination vous concerne{ $scene }{ $call }

## Constats, pour qui peut tout en savoir

finding-incompatible-activities = { $parties }{ $scene } : ces activités sont incompatibles{ $call }
finding-contradictory-orders = { $parties }{ $scene } : ces ordres se contredisent{ $call }
finding-asset-overbooked = { $parties }{ $scene } : les mêmes moyens sont employés plus d’une fois{ $call }
finding-route-capacity = { $parties }{ $scene } : plus que l’itinéraire ne porte{ $call }
finding-uncoordinated-entry = { $parties }{ $scene } : entrée dans la zone d’un autre sans coordination{ $call }
finding-prohibited-zone = { $parties }{ $scene } : dans une zone interdite{ $call }
finding-restricted-zone = { $parties }{ $scene } : dans une zone réglementée{ $call }
finding-caveat = { $parties }{ $scene } : une restriction nationale s’applique{ $call }
finding-mandate = { $parties }{ $scene } : hors du mandat tel qu’il est enregistré{ $call }
finding-authority = { $parties }{ $scene } : l’émetteur ne commande pas l’unité employée{ $call }
finding-command-fork = { $parties }{ $scene } : une unité est commandée par deux états-majors{ $call }
finding-stale-order = { $parties }{ $scene } : cet ordre a été remplacé et est encore suivi{ $call }
finding-frequency = { $parties }{ $scene } : la même fréquence est utilisée{ $call }
finding-broken-dependency = { $parties }{ $scene } : une tâche dont celle-ci dépend a changé{ $call }
finding-infeasible = { $parties }{ $scene } : impossible dans le temps ou l’espace donné{ $call }
finding-not-acknowledged = { $parties }{ $scene } : sans accusé de réception, et le début est proche{ $call }
finding-misread = { $parties }{ $scene } : collationné autrement, WILCO ne compte pas encore{ $call }
finding-duplicate-task = { $parties }{ $scene } : la même tâche est donnée deux fois{ $call }
finding-undecidable = { $parties }{ $scene } : un élément qui en décide n’a pas pu être lu{ $call }
finding-task-deviation = { $parties }{ $scene } : ce qui est rapporté diffère de la tâche{ $call }
