### See en/certainty.ftl: three different phrases, never worded alike.

not-confirmed = no confirmado
no-information = sin información
valid-as-of = válido a fecha de { $at }
