### Où en est un ordre, où en est une requête. Chaque étape a ses propres mots : une promesse n’est pas un fait.

## Où en est une unité avec un ordre

order-sent = envoyé, arrivée non connue
order-delivered = remis, personne ne l’a encore lu
order-received = reçu, non collationné
order-misread = COLLATIONNÉ AUTREMENT
order-understood = compris, tel qu’ordonné
order-wilco = WILCO
order-cannot-comply = NE PEUT PAS EXÉCUTER
order-own = a diffusé lui-même le changement
order-withheld = ne vous est pas montré

## Si un ordre est coordonné

coordinated-yes = oui, chaque unité exécutante exécutera
coordinated-not-yet = pas encore, { $count } sur { $of } unités exécutantes ont dit WILCO
coordinated-unknown = pas encore
coordinated-nobody = non, il ne nomme aucune unité exécutante
coordinated-gone = non, l’ordre n’est plus en vigueur

## Un collationnement à côté de l’ordre

read-time = heure
read-place = lieu
read-task = tâche
read-different = { $field } : ordonné { $ordered }, collationné { $read }
read-unclear = { $field } : collationné { $read }, ne peut pas être comparé avec { $ordered }

## Où en est une requête

request-asked = REQUISE, personne n’a rien promis
request-planned = PLANIFIÉE, une promesse et pas encore un ordre
request-ordered = ORDONNÉE, pas encore en mouvement
request-in-motion = EN MOUVEMENT
request-done = FAITE
request-refused = REFUSÉE
request-withdrawn = RETIRÉE par son auteur
