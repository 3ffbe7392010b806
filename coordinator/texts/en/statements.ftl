### Reports that do not agree: what they are about, and what each says. Nobody is said to be right.

disagree-route = Reports do not agree whether { $place } can be used: { not-confirmed }
disagree-class = Reports do not agree on the load class of { $place }: { not-confirmed }
disagree-hazard = Reports do not agree whether there is still a danger at { $place }: { not-confirmed }
disagree-casualties = Reports do not agree on the number of people hurt at { $place }: { not-confirmed }
disagree-site = Reports do not agree whether { $place } is still in use: { not-confirmed }
disagree-strength = Reports do not agree on the strength of { $who_of }: { not-confirmed }
disagree-next = Ask both for a new report
says-open = { $who }: open ({ $id })
says-caution = { $who }: open with care ({ $id })
says-closed = { $who }: closed ({ $id })
says-class = { $who }: load class { $number } ({ $id })
says-danger = { $who }: danger ({ $id })
says-lifted = { $who }: no danger any more ({ $id })
says-used = { $who }: in use ({ $id })
says-removed = { $who }: not in use any more ({ $id })
says-killed = { $who }: { $number } killed ({ $id })
says-injured = { $who }: { $number } injured ({ $id })
says-missing = { $who }: { $number } missing ({ $id })
says-strength = { $who }: { $number } effective ({ $id })
