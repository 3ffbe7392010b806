### Appels à l’aide, requêtes de liaison et séances.

## Une fiche sur un appel à l’aide

call-untaken = Appel à l’aide { $request }, de { $who_asker } : personne ne l’a pris à { $due_at }. { $subject }
call-declined = Appel à l’aide { $request }, de { $who_asker } : tous ceux qui ont été sollicités ont décliné. Il est chez { $who_owner } depuis { $since_at }. { $subject }
call-promised = Appel à l’aide { $request }, de { $who_asker } : promis par { $who_owner } à { $since_at }, à { $due_at } ni ordonné ni en mouvement. { $subject }
call-ordered = Appel à l’aide { $request }, de { $who_asker } : ordonné, chez { $who_owner } depuis { $since_at }, à { $due_at } pas en mouvement. { $subject }
call-partly = Appel à l’aide { $request }, de { $who_asker } : à { $due_at } seule une partie est promise. Le reste est chez { $who_owner }. { $subject }
call-untaken-next = Répondez à { $who_asker } : promettez, ou déclinez en donnant la raison
call-declined-next = Trouvez quelqu’un d’autre, ou refusez définitivement ; informez { $who_asker }
call-promised-next = Voyez par phonie avec { $who_owner } si cela bouge, et dites à { $who_asker } ce qu’il en est
call-ordered-next = Voyez par phonie avec { $who_owner } où cela se trouve, et dites à { $who_asker } ce qu’il en est
call-partly-next = Trouvez le reste, ou dites à { $who_asker } qu’il n’y en a pas
call-line-open = Pas promis : { $item }
call-line-declined = { $who } a décliné à { $declined_at } : { $reason }

## Où en est une requête, et chacun de ses articles

liaison-open = OUVERTE
liaison-partially = PROMISE EN PARTIE
liaison-answered = RÉPONDUE
liaison-declined = DÉCLINÉE par tous ceux qui ont été sollicités
liaison-withdrawn = RETIRÉE
liaison-expired = ÉCHUE, personne n’a rien promis
item-open = sans réponse
item-partially = promis en partie
item-accepted = promis
item-provisional = promis à des conditions que l’auteur de l’appel n’a pas acceptées
item-declined = décliné par tous ceux qui ont été sollicités

## Où en est une séance

session-open = SANS ACCORD
session-agreed = CONVENU, un texte et pas un ordre
session-withdrawn = CLOSE par qui l’a ouverte
session-expired = ÉCHUE sans texte convenu par tous
