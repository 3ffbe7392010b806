### Reports that do not agree: what they are about, and what each says. Nobody is said to be right.

disagree-route = Les comptes rendus divergent sur la possibilité d’utiliser { $place } : { not-confirmed }
disagree-class = Les comptes rendus divergent sur la classe de charge de { $place } : { not-confirmed }
disagree-hazard = Les comptes rendus divergent sur la présence d’un danger à { $place } : { not-confirmed }
disagree-casualties = Les comptes rendus divergent sur le nombre de victimes à { $place } : { not-confirmed }
disagree-site = Les comptes rendus divergent sur l’utilisation de { $place } : { not-confirmed }
disagree-strength = Les comptes rendus divergent sur l’effectif de { $who_of } : { not-confirmed }
disagree-next = Obtenez des deux un nouveau compte rendu
says-open = { $who } : ouvert ({ $id })
says-caution = { $who } : ouvert avec prudence ({ $id })
says-closed = { $who } : fermé ({ $id })
says-class = { $who } : classe de charge { $number } ({ $id })
says-danger = { $who } : danger présent ({ $id })
says-lifted = { $who } : plus de danger ({ $id })
says-used = { $who } : utilisé ({ $id })
says-removed = { $who } : plus utilisé ({ $id })
says-killed = { $who } : { $number } tués ({ $id })
says-injured = { $who } : { $number } blessés ({ $id })
says-missing = { $who } : { $number } disparus ({ $id })
says-strength = { $who } : { $number } présents ({ $id })
