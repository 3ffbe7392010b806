### See en/certainty.ftl: three different phrases, never worded alike.

not-confirmed = 未经证实
no-information = 无信息
valid-as-of = 截至 { $at } 有效
