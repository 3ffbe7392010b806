### See en/certainty.ftl: three different phrases, never worded alike.

not-confirmed = non confirmé
no-information = aucune information
valid-as-of = valable à la date du { $at }
