### Ce qui est dit des canaux eux-mêmes.

channel-test = ESSAI. Ceci est un essai du canal { $channel } de { $who }. Rien n’est à faire.
repeat-head = RÉPÉTÉ : pas encore accusé réception
undelivered-flash = { $who } n’a pas reçu un message FLASH par le canal { $channel }
undelivered-next = Joindre { $who } à la voix, puis faire examiner le canal
emergency-over = Cette urgence est terminée
card-undelivered = Un message FLASH n’a pas été remis{ $scene }
