### Evacuations of casualties: how far they are, their clock 10-1-2, and what is late. States are worded in orders.ftl.

casevac-clock = { $what } { $request }: { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }. { $basis ->
    [injury] Injury { $start_at }
    [about] Injury about { $start_at }, time not exact
   *[request] Time of injury not known, counted from the request { $start_at }
 }
casevac-received = { $what } { $request }: patients received { $done_at }, { $minutes } min after { $basis ->
    [injury] the injury
    [about] the injury, time not exact
   *[request] the request, time of injury not known
 }. 10-1-2: { $verdict ->
    [met] met
    [missed] NOT MET
   *[unreported] met as far as reported, no report of first aid
 }
casevac-state = { $what } { $request }: { $state ->
    [planned] { request-planned }
    [ordered] { request-ordered }
    [in-motion] { request-in-motion }
    [done] { request-done }
    [refused] { request-refused }
    [withdrawn] { request-withdrawn }
   *[asked] { request-asked }
 }
casevac-mark = { $care ->
    [first-aid] First aid
    [resuscitation] Resuscitation
   *[surgery] Surgery
 } by { $mark_at }: { $reached ->
    [met] met
    [missed] NOT MET
    [unreported] no report
    [stopped] clock stopped
   *[open] not yet
 }
casevac-decision = Decision on the launch: { $who_decides }, due { $due_at }
casevac-launch = Launch planned for { $launch_at }; alert at { $due_at } if nothing is in motion
casevac-undecided = { $what } { $request }: no decision on the launch since { $asked_at }; it is with { $who_decides }
casevac-undecided-next = Decide on the launch; if you cannot, say so to { $who_decides } by voice
casevac-launch-late = LAUNCH LATE: { $what } { $request } was to move at { $launch_at }, nobody reports motion
casevac-launch-late-next = Report the launch, or say what holds it up and until when
casevac-next = Acknowledge. { $who_decides } decides on the launch
casevac-follow = Acknowledge. Follow it until the patients are received
