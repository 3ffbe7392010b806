### Reports that do not agree: what they are about, and what each says. Nobody is said to be right.

disagree-route = Los informes no coinciden en si { $place } se puede usar: { not-confirmed }
disagree-class = Los informes no coinciden en la clase de carga de { $place }: { not-confirmed }
disagree-hazard = Los informes no coinciden en si sigue habiendo peligro en { $place }: { not-confirmed }
disagree-casualties = Los informes no coinciden en el número de víctimas en { $place }: { not-confirmed }
disagree-site = Los informes no coinciden en si { $place } sigue en uso: { not-confirmed }
disagree-strength = Los informes no coinciden en los efectivos de { $who_of }: { not-confirmed }
disagree-next = Pida a ambos un nuevo informe
says-open = { $who }: abierto ({ $id })
says-caution = { $who }: abierto con precaución ({ $id })
says-closed = { $who }: cerrado ({ $id })
says-class = { $who }: clase de carga { $number } ({ $id })
says-danger = { $who }: hay peligro ({ $id })
says-lifted = { $who }: ya no hay peligro ({ $id })
says-used = { $who }: en uso ({ $id })
says-removed = { $who }: ya no está en uso ({ $id })
says-killed = { $who }: { $number } muertos ({ $id })
says-injured = { $who }: { $number } heridos ({ $id })
says-missing = { $who }: { $number } desaparecidos ({ $id })
says-strength = { $who }: { $number } presentes ({ $id })
