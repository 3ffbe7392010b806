### Very many new cards, told as one group: how many, how bad, of what, where. They stay on the board.

flood-group = Group of new cards for { $about }: { NUMBER($count, useGrouping: 0) } in all
flood-next = Look at the worst cards of the group first, then acknowledge the group
flood-severity = { $severity ->
    [Extreme] Extreme
    [Severe] Severe
    [Moderate] Moderate
   *[Minor] Minor
 }: { NUMBER($count, useGrouping: 0) }
flood-kind = { $kind ->
    [conflict] Conflicts
    [contact-lost] Lost contacts
    [late-acknowledgement] Silence after a deadline
    [overdue] Overdue
    [medical] Medical
    [security] Security
    [cannot-comply] Orders that cannot be carried out
    [request] Requests for help
    [liaison] Liaison
   *[other] Other
 }: { NUMBER($count, useGrouping: 0) }
flood-place = In one place, { $place }: { NUMBER($count, useGrouping: 0) }
flood-places = In other places: { NUMBER($count, useGrouping: 0) }
