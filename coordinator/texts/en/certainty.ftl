### Three ways not to know. They are never worded alike, in any language: somebody said it and nobody confirmed it;
### nobody said anything; it was true at that time. Source: reference domain.md §8.

not-confirmed = not confirmed
no-information = no information
valid-as-of = valid as of { $at }
