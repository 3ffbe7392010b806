### Lost contact and bearers that are down: what was going on before. $valid is the text valid-as-of.

line-valid = { $text } ({ $valid })
card-bearer-down = Un moyen de transmission est en panne{ $scene }
contact-lost-emergency = { $about } : injoignable après avoir signalé une urgence{ $count ->
    [0] { "" }
    [one] , { NUMBER($count, useGrouping: 0) } fiche { $severity } non remise
   *[other] , { NUMBER($count, useGrouping: 0) } fiches non remises, la plus grave { $severity }
 }
contact-lost-next = Appelez { $who } par phonie, ou cherchez qui peut le joindre
bearer-down = Moyen de transmission { $bearer } en panne depuis { $down_at } : personne n’est joignable par lui
bearer-child = { $who } : injoignable depuis { $lost_at }{ $count ->
    [0] { "" }
    [one]  ; { NUMBER($count, useGrouping: 0) } fiche non remise
   *[other]  ; { NUMBER($count, useGrouping: 0) } fiches non remises
 }
bearer-next = Interrogez les transmissions sur { $bearer } ; joignez ces participants par une autre voie
lost-after-incident = Un incident avait été signalé : { $id }
lost-after-medevac = Une évacuation sanitaire avait été sollicitée : { $id }
lost-after-flash = Un message de la plus haute urgence avait été envoyé : { $id }
lost-last-report = Dernier compte rendu : { $id }
lost-no-report = Dernier compte rendu : { no-information }
lost-last-position = Dernière position : { $place }
lost-no-position = Dernière position : { no-information }
lost-last-request = Dernière requête, à { $said_at } : { $asked } ({ $id })
lost-orders = { $count ->
    [one] { NUMBER($count, useGrouping: 0) } ordre sans accusé de réception
   *[other] { NUMBER($count, useGrouping: 0) } ordres sans accusé de réception
 }
lost-silence = Le silence prévu a pris fin à { $end_at }
lost-again = Contact perdu { $count ->
    [one] { NUMBER($count, useGrouping: 0) } fois récemment
   *[other] { NUMBER($count, useGrouping: 0) } fois récemment
 }
