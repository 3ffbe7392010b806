### See en/certainty.ftl: three different phrases, never worded alike.

not-confirmed = не подтверждено
no-information = нет сведений
valid-as-of = верно по состоянию на { $at }
