### Muchísimas fichas nuevas, dichas como un grupo.

flood-group = Grupo de fichas nuevas para { $about }: { NUMBER($count, useGrouping: 0) } en total
flood-next = Mire primero las fichas más graves del grupo y luego acuse recibo del grupo
flood-severity = { $severity ->
    [Extreme] Extremo
    [Severe] Grave
    [Moderate] Moderado
   *[Minor] Menor
 }: { NUMBER($count, useGrouping: 0) }
flood-kind = { $kind ->
    [conflict] Conflictos
    [contact-lost] Contactos perdidos
    [late-acknowledgement] Silencio tras un plazo
    [overdue] Con retraso
    [medical] Caso médico
    [security] Protección
    [cannot-comply] Órdenes que no se pueden cumplir
    [request] Peticiones de ayuda
    [liaison] Enlace
   *[other] Otras
 }: { NUMBER($count, useGrouping: 0) }
flood-place = En un lugar, { $place }: { NUMBER($count, useGrouping: 0) }
flood-places = En otros lugares: { NUMBER($count, useGrouping: 0) }
