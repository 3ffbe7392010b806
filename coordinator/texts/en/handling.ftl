### What officers do with cards: why an action changed nothing, and what to do next with a card that something was done with.

not-accepted-taken = { $known ->
    [yes] Your action changed nothing: already taken by { $who }
   *[no] Your action changed nothing: already taken; the card shows who has it
 }
not-accepted-not-yours = Your action changed nothing: only whoever has the card, an HQ or a desk can do this
not-accepted-findings = Your action changed nothing: a card stays open while its findings stand. Settle them, or waive them
not-accepted-lasting = Your action changed nothing: what the card is about still lasts. The card ends when that does
not-accepted-long = Your action changed nothing: a note or a function has at most { $limit } characters
not-accepted-reason = Your action changed nothing: it needs a reason. Do it again with a note
not-accepted-person = Your action changed nothing: it needs the function of whoever decides
not-accepted-second = Your action changed nothing: you were the first to close this card. A second person has to close it too
not-accepted-extreme = Your action changed nothing: a card of this severity cannot be put aside
not-accepted-until = Your action changed nothing: it needs an end, not later than { $latest_at }
not-accepted-nobody = Your action changed nothing: this card cannot be handed to that participant
not-accepted-no-offer = Your action changed nothing: nobody offers you this card now
not-accepted-open = Your action changed nothing: the card is open

next-shelved = Put aside until { $until_at }; it comes back then, or when something changes
next-take-over = Offered to you by { $who }: acknowledge to take it, or decline
next-offered = Offered to { $who }: you have it until it is acknowledged there
next-second = { $who } has closed it: a second person has to close it too

label-typed = TYPED BY
label-spoken = SAID BY
