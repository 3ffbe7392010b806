### Les mots dont sont faites les phrases des constats.

## Qui, où, quand

order-named = { $id } ({ $what })
order-unnamed = un ordre qui ne peut pas être nommé
order-another = un autre ordre
list-both = { $first } et { $next }
list-either = { $first } ou { $next }
list-others = { $names } et autres
where-there = sur place
where-at = à { $place }
when-nothing = { "" }
when-always = { " " }en tout temps
when-from = { " " }à partir de { $start }
when-until = { " " }jusqu’à { $end }
when-between = { " " }de { $start } à { $end }
scene-nowhere = { $when }
scene-where = { " " }à { $place }{ $when }
word-nothing = { "" }
word-quoted = { " " }« { $word } »

## Une relation de commandement, et ce qui la limite

relation = { $superior } { $name } { $unit }{ $for }{ $when }{ $also }
relation-all = { "" }
relation-for = { " " }pour { $actions }

## Ce qu’est un message

what-exclusive = { $what }, à titre exclusif
what-order = ordre
what-order-to-move = ordre de mouvement
what-order-to-patrol = ordre de patrouille
what-order-to-observe = ordre d’observation
what-order-to-hold = ordre de tenir
what-order-to-secure = ordre de sécuriser
what-order-to-escort = ordre d’escorte
what-order-to-block = ordre de barrer
what-order-to-control = ordre de maîtriser
what-order-to-search = ordre de fouille
what-order-to-clear = ordre de nettoyage
what-order-to-engineer = ordre de travaux du génie
what-order-to-resupply = ordre de ravitaillement
what-order-to-medevac = ordre d’évacuation sanitaire
what-order-to-air-mission = ordre de vol
what-order-to-airspace = ordre de gestion de l’espace aérien
what-order-to-use-of-force = ordre d’emploi de la force
what-order-to-comms = ordre de transmissions
what-order-to-aid = ordre d’aide
what-patrol-movement = patrouille
what-convoy-movement = convoi
what-logistics-movement = mouvement logistique
what-humanitarian-movement = mouvement humanitaire
what-flight-movement = vol
what-vessel-movement = mouvement de navire
what-recce-movement = reconnaissance
what-admin-movement = mouvement administratif
what-range-hazard = tir sur champ de tir
what-demolition-hazard = destruction par explosifs
what-illumination-hazard = tir éclairant
what-fire-hazard = danger d’incendie
what-spray-hazard = épandage
what-uxo-hazard = munitions non explosées
what-mine-hazard = mines
what-impact-hazard = zone d’impact
what-other-hazard = danger
what-incident = incident { $category }
what-protected-site = site protégé

## Ce qu’un ordre requiert

action-move = faire mouvement
action-patrol = patrouiller
action-observe = observer
action-hold = tenir
action-secure = sécuriser
action-escort = escorter
action-block = barrer
action-control = maîtriser
action-search = fouiller
action-clear = nettoyer
action-engineer = mener des travaux du génie
action-resupply = ravitailler
action-medevac = évacuer les blessés
action-air-mission = voler
action-airspace = gérer l’espace aérien
action-use-of-force = employer la force
action-comms = établir les transmissions
action-aid = apporter de l’aide
action-other = faire autre chose

## Ce qui rend un constat seulement possible

doubt-times = les heures ne sont pas exactes
doubt-progress = la position le long du parcours n’est pas exacte
doubt-heights = la séparation en altitude n’est pas prouvée, les hauteurs ont des références différentes
doubt-unit = il peut s’agir d’une partie de l’unité seulement
doubt-position = la position de l’unité n’est pas exacte
doubt-positions = une position n’est donnée qu’à son erreur circulaire près
doubt-effort = il y a trop d’éléments à comparer un par un
doubt-relation = la relation de commandement ne dure pas toute la tâche
doubt-action = le bus n’a pas de mot pour cette action
doubt-reach = le lieu est à l’intérieur, ce qui l’entoure en dépasse
doubt-place = l’un d’eux n’indique aucun lieu lisible
doubt-speed = la vitesse de l’unité n’est pas exacte
doubt-extent = seule une partie de son lieu est à l’extérieur
doubt-caveat-units = cela lie une partie de l’unité
doubt-caveat-vehicles = les véhicules ne sont pas assez connus
doubt-caveat-transport = d’autres peuvent être à bord
doubt-caveat-scope = la déclaration ne nomme aucune tâche
doubt-caveat-place = le lieu n’est pas connu
doubt-caveat-night = il n’est pas certain que le soleil soit alors couché

## Ce qui a changé un état

why-amended = modifié par { $names }
why-revised = révisé par { $names }
why-withdrawn = retiré par { $names }
why-re-rated = reclassé par { $names }
why-over = c’est terminé
why-past = c’était en conflit
why-list = { $first } ; { $next }
