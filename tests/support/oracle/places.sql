-- K05 uncoordinated-entry, K06 prohibited-zone, K07 restricted-zone, K08 caveat.

-- Acts that can break a measure: nobody needs a permission to be protected. An altitude that is not given is any.
CREATE VIEW goer AS SELECT a.* FROM live a WHERE a.on_duty AND a.kind <> 'protected-site';
CREATE TABLE doer(s INT, k INT, who TEXT);
INSERT INTO doer SELECT s, k, who FROM unit UNION SELECT a.s, a.k, a.issuer FROM live a
    WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.s = a.s AND u.k = a.k);
CREATE INDEX doer_by ON doer(s, k);
-- Who may speak for whom: oneself, those above, and the duty desks of these.
CREATE VIEW speaks AS SELECT a.who, a.superior AS by FROM above a
    UNION SELECT a.who, d.who FROM above a JOIN desk d ON d.superior = a.superior;
CREATE VIEW word_of AS SELECT p.s, p.k, p.by, o.id, o.revision, coalesce(w.sl, -1152921504606846976) AS sl,
    coalesce(w.ee, 1152921504606846976) AS ee FROM pact p JOIN pact_order o ON o.s = p.s AND o.k = p.k
    LEFT JOIN pact_slot w ON w.s = p.s AND w.k = p.k WHERE p.kind = 'coordination';

-- Where zones lie: those of the mission in their periods, those that follow an agreement while it holds.
CREATE TABLE plot(s INT, k INT, n INT, start INT, end INT, sl INT, ee INT, of TEXT);
INSERT INTO plot SELECT l.s, l.k, z.n, p.start, p.end, p.start, p.end, '' FROM lies l JOIN zone z ON z.name = l.other
    JOIN zone_period p ON p.n = z.n WHERE l.sort = 'zone' AND CASE WHEN z.touch THEN l.metres <= z.standoff
    WHEN z.standoff > 0 THEN l.metres < z.standoff ELSE l.inside END
    UNION ALL SELECT l.s, l.k, z.n, coalesce(w.se, -1152921504606846976), coalesce(w.el, 1152921504606846976),
    coalesce(w.sl, -1152921504606846976), coalesce(w.ee, 1152921504606846976), l.q FROM lies l
    JOIN pact p ON p.s = l.s AND p.k = l.q JOIN zone z ON z.agreement = p.kind
    JOIN live a ON a.s = l.s AND a.k = l.k AND a.reality = p.reality
    LEFT JOIN pact_slot w ON w.s = p.s AND w.k = p.k
    WHERE l.sort = 'truce' AND CASE WHEN z.touch THEN l.metres <= z.standoff
    WHEN z.standoff > 0 THEN l.metres < z.standoff ELSE l.inside END
    AND NOT EXISTS (SELECT 1 FROM pact_permit m WHERE m.s = p.s AND m.k = p.k
        AND m.word IN (SELECT class FROM class c WHERE c.s = l.s AND c.k = l.k));
CREATE VIEW zone_gap AS SELECT a.s, a.k, z.n, a.band AND (z.floor IS NOT NULL OR z.ceiling IS NOT NULL) AS banded,
    CASE WHEN a.ceiling_in = z.datum THEN z.floor - a.ceiling END AS below,
    CASE WHEN a.floor_in = z.datum THEN a.floor - z.ceiling END AS above,
    coalesce(a.ceiling_in <> z.datum AND z.floor IS NOT NULL, 0)
    OR coalesce(a.floor_in <> z.datum AND z.ceiling IS NOT NULL, 0) AS unlike FROM goer a JOIN zone z;
CREATE VIEW in_zone AS SELECT a.s, a.k, z.n, z.kind, max(u.se, p.start) AS since, min(u.el, p.end) AS until,
    NOT (p.sl <= u.se AND u.el <= p.ee OR u.sl < u.ee AND p.sl < p.ee AND u.sl < p.ee AND p.sl < u.ee)
    OR h.banded AND h.unlike AS unsure, p.of
    FROM plot p JOIN goer a ON a.s = p.s AND a.k = p.k JOIN zone z ON z.n = p.n
    JOIN usable u ON u.s = a.s AND u.k = a.k JOIN zone_gap h ON h.s = a.s AND h.k = a.k AND h.n = z.n
    WHERE u.se < p.end AND p.start < u.el AND u.se < u.el
    AND EXISTS (SELECT 1 FROM zone_class c WHERE c.n = z.n AND (c.class = '*'
        OR c.class IN (SELECT class FROM class x WHERE x.s = a.s AND x.k = a.k)))
    AND NOT (h.banded AND max(coalesce(h.below, -1), coalesce(h.above, -1)) > 0)
    AND NOT EXISTS (SELECT 1 FROM zone_exempt e WHERE e.n = z.n AND e.name = a.id || ':' || a.revision);
-- A permission counts if the zone's authority gave it, for all of the time; for a prohibited zone, for that revision.
CREATE VIEW unpermitted AS SELECT i.* FROM in_zone i JOIN live a ON a.s = i.s AND a.k = i.k JOIN zone z ON z.n = i.n
    WHERE NOT EXISTS (SELECT 1 FROM word_of w JOIN speaks p ON p.who = z.authority AND p.by = w.by
    WHERE w.s = i.s AND w.id = a.id AND (w.revision = a.revision OR w.revision = 0 AND i.kind = 'restricted')
    AND w.sl <= i.since AND i.until <= w.ee);
INSERT INTO finding SELECT u.s, u.kind || '-zone', z.name, u.k, min(u.unsure),
    z.severity + (min(u.unsure) AND u.kind = 'restricted' AND NOT EXISTS (SELECT 1 FROM guarded_class g
    WHERE g.s = u.s AND g.k = u.k)), NULL, NULL FROM unpermitted u JOIN zone z ON z.n = u.n GROUP BY u.s, u.k, u.n, u.of;

-- K05: inside another's area while that holds, and the owner, somebody above it or a third party has not agreed.
CREATE VIEW entered AS SELECT a.s, a.k, b.n, b.owner, u.se, u.el, max(u.se, p.start) AS since, min(u.el, p.end) AS until,
    NOT (p.start <= u.se AND u.el <= p.end OR u.sl < u.ee AND u.sl < p.end AND p.start < u.ee) AS unsure
    FROM lies l JOIN boundary b ON b.name = l.other JOIN goer a ON a.s = l.s AND a.k = l.k
    JOIN boundary_period p ON p.n = b.n JOIN usable u ON u.s = a.s AND u.k = a.k
    WHERE l.sort = 'boundary' AND l.inside AND u.se < p.end AND p.start < u.el AND u.se < u.el
    AND EXISTS (SELECT 1 FROM boundary_class c WHERE c.n = b.n AND (c.class = '*'
        OR c.class IN (SELECT class FROM class x WHERE x.s = a.s AND x.k = a.k)))
    AND NOT EXISTS (SELECT 1 FROM above h WHERE h.who = b.owner AND h.superior = a.issuer
        OR h.superior = b.owner AND h.who = a.issuer)
    AND NOT EXISTS (SELECT 1 FROM unit d JOIN above h ON h.who = b.owner AND h.superior = d.who
        OR h.superior = b.owner AND h.who = d.who WHERE d.s = a.s AND d.k = a.k)
    AND EXISTS (SELECT 1 FROM doer d WHERE d.s = a.s AND d.k = a.k
        AND d.who NOT IN (SELECT who FROM boundary_open o WHERE o.n = b.n));
CREATE VIEW uncoordinated AS SELECT e.* FROM entered e JOIN live a ON a.s = e.s AND a.k = e.k
    WHERE NOT EXISTS (SELECT 1 FROM word_of w WHERE w.s = e.s AND w.id = a.id AND w.revision IN (0, a.revision)
        AND w.sl <= e.since AND e.until <= w.ee AND (w.by IN (SELECT p.by FROM speaks p WHERE p.who = e.owner)
        OR w.by NOT IN (SELECT a.issuer UNION SELECT who FROM unit u WHERE u.s = e.s AND u.k = e.k
            UNION SELECT d.who FROM desk d WHERE d.superior = a.issuer
            OR d.superior IN (SELECT who FROM unit u WHERE u.s = e.s AND u.k = e.k))
        AND EXISTS (SELECT 1 FROM pact_party t WHERE t.s = w.s AND t.k = w.k AND t.party = e.owner)
        AND EXISTS (SELECT 1 FROM pact_party t WHERE t.s = w.s AND t.k = w.k AND (t.party = a.issuer
            OR t.party IN (SELECT who FROM unit u WHERE u.s = e.s AND u.k = e.k)))))
    AND NOT EXISTS (SELECT 1 FROM cites q JOIN live o ON o.s = q.s AND o.k = q.of JOIN extent x ON x.s = o.s AND x.k = o.k
        JOIN agreed g ON g.s = e.s AND g.a = min(e.k, o.k) AND g.b = max(e.k, o.k)
        JOIN lies l ON l.s = e.s AND l.sort = 'act' AND l.k = g.a AND l.q = g.b AND l.metres <= 0
        JOIN usable v ON v.s = o.s AND v.k = o.k AND v.se < e.el AND e.se < v.el
        WHERE q.s = e.s AND q.k = e.k AND q.field = 'coordinated_with' AND x.se <= e.since AND e.until <= x.el
        AND (o.issuer = e.owner OR EXISTS (SELECT 1 FROM unit u WHERE u.s = o.s AND u.k = o.k AND u.who = e.owner)));
INSERT INTO finding SELECT u.s, 'uncoordinated-entry', b.name, u.k, min(u.unsure),
    coalesce((SELECT min(v.severity) FROM boundary_severity v JOIN class c ON c.class = v.class
        WHERE v.n = u.n AND c.s = u.s AND c.k = u.k), 2)
    + (min(u.unsure) AND NOT EXISTS (SELECT 1 FROM guarded_class g WHERE g.s = u.s AND g.k = u.k)), NULL, NULL
    FROM uncoordinated u JOIN boundary b ON b.n = u.n GROUP BY u.s, u.k, u.n;

-- K08: what a nation has declared of its own units, by unit, action, method, place and time.
CREATE VIEW asked AS SELECT s, k, word AS action FROM live WHERE kind = 'directive'
    UNION SELECT a.s, a.k, m.action FROM live a JOIN movement_is m ON m.movement = a.word WHERE a.kind = 'movement';
CREATE VIEW way_of AS SELECT a.s, a.k, CASE WHEN a.method <> '' THEN a.method
    WHEN EXISTS (SELECT 1 FROM carries c WHERE c.s = a.s AND c.k = a.k) THEN 'vehicle'
    WHEN EXISTS (SELECT 1 FROM asked q WHERE q.s = a.s AND q.k = a.k AND q.action = 'air-mission') THEN 'air' END AS method
    FROM live a;
CREATE VIEW binds AS SELECT c.s, c.k AS c, u.k, min(coalesce(
        x.part <> '' AND coalesce(t.part, '') = '', 0)) AS unsure FROM caveat c
    JOIN unit u ON u.s = c.s AND u.who IN (SELECT who FROM compatriot n WHERE n.of = c.by)
    LEFT JOIN caveat_unit x ON x.s = c.s AND x.c = c.k AND x.who = u.who
    LEFT JOIN tasks t ON t.s = u.s AND t.k = u.k AND t.who = u.who
    WHERE x.who IS NULL AND NOT c.named OR x.who IS NOT NULL AND (t.who IS NULL OR x.part = '' OR t.part IN ('', x.part))
    GROUP BY c.s, c.k, u.k;
CREATE VIEW against AS SELECT b.s, b.c, b.k,
    b.unsure OR c.empty OR c.lost OR c.placed AND l.metres IS NULL
    OR NOT (v.sl <= w.se AND w.el <= v.ee OR w.sl < w.ee AND v.sl < v.ee AND w.sl < v.ee AND v.sl < w.ee) AS unsure
    FROM binds b JOIN caveat c ON c.s = b.s AND c.k = b.c JOIN goer a ON a.s = b.s AND a.k = b.k
    JOIN span w ON w.s = b.s AND w.k = b.k JOIN caveat_slot v ON v.s = b.s AND v.c = b.c
    LEFT JOIN lies l ON l.s = b.s AND l.sort = 'caveat' AND l.k = b.k AND l.q = b.c
    WHERE a.kind IN ('directive', 'movement') AND a.reality = c.reality AND w.se < v.el AND v.se < w.el AND w.se < w.el
    AND (l.metres IS NULL OR l.metres <= 0)
    AND (NOT EXISTS (SELECT 1 FROM caveat_action x WHERE x.s = b.s AND x.c = b.c) OR EXISTS (SELECT 1 FROM asked q
        JOIN caveat_action x ON x.s = b.s AND x.c = b.c AND x.action = q.action WHERE q.s = b.s AND q.k = b.k))
    AND (NOT EXISTS (SELECT 1 FROM caveat_method x WHERE x.s = b.s AND x.c = b.c) OR EXISTS (SELECT 1 FROM way_of q
        JOIN caveat_method x ON x.s = b.s AND x.c = b.c AND x.method = q.method WHERE q.s = b.s AND q.k = b.k));
INSERT INTO finding SELECT b.s, 'caveat', NULL, b.k, min(b.unsure), 1 + (min(b.unsure) AND NOT EXISTS
    (SELECT 1 FROM guarded_class g WHERE g.s = b.s AND g.k = b.k)), NULL, c.id || ':' || c.revision
    FROM against b JOIN caveat c ON c.s = b.s AND c.k = b.c GROUP BY b.s, b.k, b.c;
