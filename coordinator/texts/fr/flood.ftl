### Très nombreuses nouvelles fiches, dites en un groupe.

flood-group = Groupe de nouvelles fiches pour { $about } : { NUMBER($count, useGrouping: 0) } en tout
flood-next = Regardez d’abord les fiches les plus graves du groupe, puis accusez réception du groupe
flood-severity = { $severity ->
    [Extreme] Extrême
    [Severe] Grave
    [Moderate] Modéré
   *[Minor] Mineur
 } : { NUMBER($count, useGrouping: 0) }
flood-kind = { $kind ->
    [conflict] Conflits
    [contact-lost] Contacts perdus
    [late-acknowledgement] Silence après une échéance
    [overdue] En retard
    [medical] Médical
    [security] Sécurité
    [cannot-comply] Ordres qui ne peuvent être exécutés
    [request] Appels à l’aide
    [liaison] Liaison
   *[other] Autres
 } : { NUMBER($count, useGrouping: 0) }
flood-place = En un lieu, { $place } : { NUMBER($count, useGrouping: 0) }
flood-places = En d’autres lieux : { NUMBER($count, useGrouping: 0) }
