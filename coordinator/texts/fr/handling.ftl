### Ce que les officiers font des fiches : pourquoi une action n’a rien changé, et que faire ensuite.

not-accepted-taken = { $known ->
    [yes] Votre action n’a rien changé : déjà prise par { $who }
   *[no] Votre action n’a rien changé : déjà prise ; la fiche montre qui l’a
 }
not-accepted-not-yours = Votre action n’a rien changé : seuls le détenteur de la fiche, un état-major ou une permanence le peuvent
not-accepted-findings = Votre action n’a rien changé : une fiche reste ouverte tant que ses constats subsistent. Réglez-les, ou accordez une dérogation
not-accepted-lasting = Votre action n’a rien changé : ce que la fiche signale dure encore. La fiche se ferme quand cela cesse
not-accepted-long = Votre action n’a rien changé : une note ou une fonction a au plus { $limit } caractères
not-accepted-reason = Votre action n’a rien changé : il faut un motif. Recommencez avec une note
not-accepted-person = Votre action n’a rien changé : il faut la fonction de la personne qui décide
not-accepted-second = Votre action n’a rien changé : vous avez fermé cette fiche en premier. Une seconde personne doit aussi la fermer
not-accepted-extreme = Votre action n’a rien changé : une fiche de cette gravité ne peut pas être mise de côté
not-accepted-until = Votre action n’a rien changé : il faut une fin, au plus tard { $latest_at }
not-accepted-nobody = Votre action n’a rien changé : cette fiche ne peut pas être remise à ce participant
not-accepted-no-offer = Votre action n’a rien changé : personne ne vous propose cette fiche maintenant
not-accepted-open = Votre action n’a rien changé : la fiche est ouverte

next-shelved = Mise de côté jusqu’à { $until_at } ; elle revient alors, ou si quelque chose change
next-take-over = Proposée par { $who } : accusez réception pour la prendre, ou refusez
next-offered = Proposée à { $who } : elle reste à vous jusqu’à l’accusé de réception
next-second = Fermée par { $who } : il faut encore une seconde personne pour la fermer

label-typed = SAISI PAR
label-spoken = DIT PAR
