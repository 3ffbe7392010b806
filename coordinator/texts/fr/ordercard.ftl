### An order as a card: a label and a short line each. What the issuer wrote stays in the issuer's words.

order-card-what = ORDRE
order-card-from = DE
order-card-who = QUI AGIT
order-card-task = TÂCHE
order-card-where = OÙ
order-card-way = PAR
order-card-when = QUAND
order-card-height = HAUTEUR
order-card-with = AVEC
order-card-needs = BESOINS
order-card-frequencies = FRÉQUENCE
order-card-permitted = PEUT CONTINUER
order-card-agreed = CONVENU AVEC
order-card-depends = DÉPEND DE
order-card-supporting = EN APPUI
order-card-relies = COMPTE SUR
order-card-replaces = REMPLACE
order-card-cancels = ANNULE
order-card-changes = MODIFIE
order-card-limits = LIMITES
order-card-call = CONTACT
order-card-answer = RÉPONSE
order-card-full = EN ENTIER

order-card-change = modification d’ordres
order-card-answer-text = Relisez l’heure, le lieu et la tâche. Dites ensuite WILCO, ou { $cannot } avec un code.
order-card-draft = Aucune : ceci est un projet et n’ordonne rien.
order-card-shape = la zone tracée plus bas
order-card-after-start = commence après le début de { $task }
order-card-after-end = commence après la fin de { $task }
order-card-before-start = commence avant le début de { $task }
order-card-covered-by = est couvert par { $task }
order-card-relief-of = relève { $task }
