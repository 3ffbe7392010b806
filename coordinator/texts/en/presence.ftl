### Lost contact and bearers that are down: what was going on before. $valid is the text valid-as-of.

line-valid = { $text } ({ $valid })
card-bearer-down = A bearer is down{ $scene }
contact-lost-emergency = { $about } unreachable after it reported an emergency{ $count ->
    [0] { "" }
    [one] , 1 { $severity } card not delivered
   *[other] , { NUMBER($count, useGrouping: 0) } cards not delivered, the worst { $severity }
 }
contact-lost-next = Call { $who } by voice, or ask who can reach it
bearer-down = Bearer { $bearer } down since { $down_at }: nobody behind it can be reached by it
bearer-child = { $who } unreachable since { $lost_at }{ $count ->
    [0] { "" }
    [one] ; 1 card not delivered
   *[other] ; { NUMBER($count, useGrouping: 0) } cards not delivered
 }
bearer-next = Ask signals about { $bearer }; reach those behind it by another way
lost-after-incident = It had reported an incident: { $id }
lost-after-medevac = It had asked for a medical evacuation: { $id }
lost-after-flash = It had sent a message of the highest precedence: { $id }
lost-last-report = Last report: { $id }
lost-no-report = Last report: { no-information }
lost-last-position = Last position: { $place }
lost-no-position = Last position: { no-information }
lost-last-request = It last asked at { $said_at } for: { $asked } ({ $id })
lost-orders = { $count ->
    [one] 1 order not acknowledged
   *[other] { NUMBER($count, useGrouping: 0) } orders not acknowledged
 }
lost-silence = Its planned silence ended at { $end_at }
lost-again = Contact was lost { $count ->
    [one] 1 time lately
   *[other] { NUMBER($count, useGrouping: 0) } times lately
 }
