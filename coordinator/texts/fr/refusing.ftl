### Une unité ne peut pas exécuter un ordre : une réponse normale, transmise à qui l’a donné.

refusing-order = { $who_unit } ne peut pas exécuter { $order } : { $code }
refusing-order-unsaid = { $who_unit } ne peut pas exécuter { $order } ; le motif ne vous est pas communiqué
refusing-next = Modifiez l’ordre, trouvez une autre voie, ou retirez-le ; voyez avec { $who_unit } ce qui est possible
