### Issues possibles d’un constat : l’effet d’un changement, ou à qui l’on peut parler.

## Un changement calculé

option-removes = { $change } lève le constat, et n’en crée aucun autre{ $scope }.
option-others-remain = Ses autres constats peuvent rester.
option-not-checked = { $change } : non vérifié.
option-no-shift = Aucune autre heure dans la limite de la mission n’a été trouvée pour { $order }{ $scope }.
scope-nothing = { "" }
scope-known = { $count ->
    [one] { " " }parmi { NUMBER($count, useGrouping: 0) } ordre connu
   *[other] { " " }parmi { NUMBER($count, useGrouping: 0) } ordres connus
 }
change-later = { $order } { $time } plus tard
change-earlier = { $order } { $time } plus tôt
change-altitude = { $order } de { $lower } à { $upper }
change-channel = { $order } sur { $channel }
change-route = { $order } par { $route }
change-asset = { $order } avec { $asset }
change-move-out = { $order } déplacé de { $distance }
change-move-out-towards = { $order } déplacé de { $distance } vers { $bearing } degrés
change-reduce = { $order } avec un effet réduit de { $distance }
level-any = toute hauteur

## Ce qui peut être sollicité ou discuté

option-shift = Une autre heure pour { $order }.
option-headway = Plus d’espacement pour { $order }.
option-altitude = Une autre hauteur pour { $order }.
option-channel = Une autre fréquence pour { $order }.
option-route = Un autre itinéraire pour { $order }.
option-asset = D’autres moyens pour { $order }.
option-move-out = Un autre lieu pour { $order }.
option-reduce = Un effet plus petit de { $order }.
option-liaison = Parler de { $order } avec { $who } est possible.
option-permission = { $who } peut être sollicité pour une permission pour { $order }.
option-coordinate = { $who } peut être sollicité pour coordonner { $order }.
option-refer = { $who } peut décider.
option-split = L’unité peut être partagée entre les tâches : { $order }.
option-cover = Une couverture peut être ajoutée pour { $order }.
option-withdraw = { $who } peut retirer { $order }.
option-re-issue = { $who } peut diffuser { $order } de nouveau.
option-acknowledge = { $who } peut accuser réception de { $order }.
option-merge = { $order } peut être réuni avec l’autre tâche.
option-fix-field = { $who } peut corriger { $order }.
issuer-unknown = L’émetteur
