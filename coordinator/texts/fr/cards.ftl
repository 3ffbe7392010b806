### Ce que disent les fiches : ce qui s’est passé, et ce qui est à faire.

## Ce qui s’est passé

card-conflict = Conflit{ $scene } : { $parties }
card-misread = Relu autrement qu’ordonné{ $scene } : { $parties }
card-crowd = Conflit{ $scene } : { NUMBER($count, useGrouping: 0) } constats, les plus graves sont listés
card-affected = Affecté{ $scene } : { $parties }
card-torn = Un problème de coordination vous concerne{ $scene }
card-contact-lost = { $about } : injoignable{ $count ->
    [0] { "" }
    [one] , { NUMBER($count, useGrouping: 0) } fiche { $severity } non remise
   *[other] , { NUMBER($count, useGrouping: 0) } fiches non remises, la plus grave { $severity }
 }
card-late-acknowledgement = { $about } n’a pas accusé réception{ $scene }
late-acknowledgement-call = { $about } n’a pas accusé réception{ $scene } : appelez par phonie
card-not-accepted = Votre action n’a rien changé
not-accepted-stale = Votre action n’a rien changé : la fiche a changé depuis que vous l’avez vue
not-accepted-merged = Votre action n’a rien changé : la fiche fait maintenant partie d’une autre
not-accepted-settled = Votre action n’a rien changé : il ne reste rien à faire sur cette fiche
not-accepted-unknown = Votre action n’a rien changé : aucune fiche de ce nom ne vous a été montrée
not-accepted-unsupported = Votre action n’a rien changé : cela n’est pas possible avec cette fiche
card-integrity = Le registre n’est pas fiable en l’état : avertissez votre opérateur
card-overdue = { $about } est en retard{ $scene }
card-medical = Urgence médicale{ $scene }
card-security = Incident de sécurité{ $scene }
card-cannot-comply = { $about } ne peut pas exécuter un ordre{ $scene }
card-request = Un appel à l’aide{ $scene }
card-liaison = Une affaire de liaison{ $scene }
card-unwatched = Personne n’est de veille{ $scene }
card-imbalance = Les parties n’ont pas été informées en même temps{ $scene }
card-disagreement = Des comptes rendus ne concordent pas{ $scene }
card-flood = Très nombreuses nouvelles fiches : elles sont montrées par groupes

## Ce qui est à faire

next-acknowledge = { $known ->
    [own] Accusez réception, puis réglez l’affaire : vous pouvez décider
    [yes] Accusez réception, puis réglez l’affaire avec { $arbiter }
   *[no] Accusez réception
 }
next-settle = { $known ->
    [own] Réglez l’affaire : vous pouvez décider
    [yes] Réglez l’affaire avec { $arbiter }
   *[no] Réglez l’affaire avec ceux qu’elle concerne
 }
next-wait = Attendez les accusés de réception qui règlent l’affaire
next-wait-for = Attendez l’accusé de réception de { $names }
next-others = Vous avez accusé réception ; d’autres pas encore
next-nothing = Rien à faire
