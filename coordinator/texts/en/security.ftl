### A name was used by somebody else; parties that must be told alike were not.

## Security

security-claimed = In the name of { $whom }, but sent by { $who }: not accepted, number of messages: { NUMBER($count, useGrouping: 0) }
security-claimed-many = In the names of { $others } others, but sent by { $who }: not accepted, number of messages: { NUMBER($count, useGrouping: 0) }
security-unknown = In a name that nobody here has, sent by { $who }: not accepted, number of messages: { NUMBER($count, useGrouping: 0) }
security-next = Warn those concerned by voice: nothing of it is an order. The original of { $first_at } is kept as evidence, number { $raw }

## The same for every party

imbalance-late = { $notice }: no receipt from { $whom } yet, other parties have it
imbalance-excluded = { $notice } does not reach { $missing } of { $all } parties: its label leaves them out
imbalance-words = { $notice }: what one party may not see was left out for all, so that all read the same
imbalance-settled = { $notice }: no difference between the parties is left
imbalance-next = Reach the others another way, in the same words
imbalance-next-label = Correct the label and send it again to all parties
