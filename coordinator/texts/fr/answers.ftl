### What a sender is told of its input, around what the bus found in it: the parts of one answer, a line each.

answer-accepted = ACCEPTÉ : { $name }
answer-refused = REFUSÉ : { $name }
answer-kept = CONSERVÉ : { $name }. La réponse viendra plus tard par cette voie.
answer-where = où : { $path }
answer-why = motif : { $why }
answer-mend = pour corriger : { $hint }
answer-again = déjà reçu : rien n’a été envoyé deux fois
answer-ids = identifiants : { $ids }
answer-more = et { $count } de plus
answer-positions = positions : { $count }
answer-losses = valeurs conservées sans champ : { $count }
answer-look = à vérifier : { $text }
answer-input = entrée : { $input }
