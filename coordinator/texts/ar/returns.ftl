### Reports that come again and again, and that did not come. $report is what the mission calls it.

overdue-reports = { $report }، الموعد { $due_at }: لم يصل شيء من { $whom }
overdue-many = { $report }، الموعد { $due_at }: لم يصل شيء من { $count ->
    [zero] أي مشارك
    [one] مشارك واحد
    [two] مشاركين
    [few] { NUMBER($count, useGrouping: 0) } مشاركين
    [many] { NUMBER($count, useGrouping: 0) } مشاركاً
   *[other] { NUMBER($count, useGrouping: 0) } مشارك
 }
overdue-last = { $who }: آخر ما وصل في { $last_at }؛ { $count ->
    [zero] لا شيء ناقص على التوالي
    [one] واحد ناقص على التوالي
    [two] اثنان ناقصان على التوالي
    [few] { NUMBER($count, useGrouping: 0) } ناقصة على التوالي
    [many] { NUMBER($count, useGrouping: 0) } ناقصاً على التوالي
   *[other] { NUMBER($count, useGrouping: 0) } ناقص على التوالي
 }
overdue-never = { $who }: لم يصل شيء حتى الآن؛ { $count ->
    [zero] لا شيء ناقص على التوالي
    [one] واحد ناقص على التوالي
    [two] اثنان ناقصان على التوالي
    [few] { NUMBER($count, useGrouping: 0) } ناقصة على التوالي
    [many] { NUMBER($count, useGrouping: 0) } ناقصاً على التوالي
   *[other] { NUMBER($count, useGrouping: 0) } ناقص على التوالي
 }
overdue-next = اطلبوا التقرير صوتاً
