### Reports that do not agree: what they are about, and what each says. Nobody is said to be right.

disagree-route = Донесения расходятся в том, можно ли пользоваться { $place }: { not-confirmed }
disagree-class = Донесения расходятся, класс нагрузки { $place }: { not-confirmed }
disagree-hazard = Донесения расходятся в том, есть ли ещё опасность, { $place }: { not-confirmed }
disagree-casualties = Донесения расходятся в числе пострадавших, { $place }: { not-confirmed }
disagree-site = Донесения расходятся в том, используется ли { $place }: { not-confirmed }
disagree-strength = Донесения расходятся в численности { $who_of }: { not-confirmed }
disagree-next = Запросите у обоих новое донесение
says-open = { $who }: открыто ({ $id })
says-caution = { $who }: открыто с осторожностью ({ $id })
says-closed = { $who }: закрыто ({ $id })
says-class = { $who }: класс нагрузки { $number } ({ $id })
says-danger = { $who }: опасность есть ({ $id })
says-lifted = { $who }: опасности больше нет ({ $id })
says-used = { $who }: используется ({ $id })
says-removed = { $who }: больше не используется ({ $id })
says-killed = { $who }: погибших { $number } ({ $id })
says-injured = { $who }: раненых { $number } ({ $id })
says-missing = { $who }: пропавших без вести { $number } ({ $id })
says-strength = { $who }: в строю { $number } ({ $id })
