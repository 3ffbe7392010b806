-- K12 stale-order, K16 not-acknowledged, K18 undecidable.

-- K12: what an order in force points at. A dependency or an amendment of what is gone, or an older revision, is stale.
CREATE VIEW pointer AS SELECT l.s, l.k, l.field, l.id, l.revision FROM link l
    UNION ALL SELECT n.s, n.k, 'dependencies', n.id, 0 FROM needs n;
CREATE VIEW target AS SELECT p.*, a.issuer, a.created, h.k AS of, h.issuer AS owner, h.revision AS newest,
    x.created AS over, x.by FROM pointer p JOIN live a ON a.s = p.s AND a.k = p.k AND NOT a.draft
    LEFT JOIN head h ON h.s = p.s AND h.id = p.id
    LEFT JOIN (SELECT s, k, min(created) AS created, by FROM ended GROUP BY s, k) x ON x.s = h.s AND x.k = h.k
    WHERE h.k IS NULL OR h.id <> a.id;
CREATE VIEW wrong AS SELECT *, CASE
    WHEN of IS NULL THEN 'missing'
    WHEN field IN ('amends', 'supersedes', 'cancels') AND NOT EXISTS
        (SELECT 1 FROM may m WHERE m.issuer = owner AND m.by = target.issuer) THEN 'authority'
    WHEN revision > newest THEN 'missing'
    WHEN field IN ('amends', 'dependencies', 'coordinated_with') AND revision > 0 AND revision < newest THEN 'stale'
    WHEN over IS NOT NULL AND by <> k AND (field = 'dependencies' OR field = 'amends' AND over <= created) THEN 'stale'
    END AS fault FROM target;
INSERT INTO finding SELECT DISTINCT s, 'stale-order', fault, k || coalesce(',' || of, ''), 0,
    (SELECT value FROM rule WHERE name = 'stale_severity') + (fault = 'missing'), NULL, field FROM wrong
    WHERE fault IS NOT NULL;

-- K12 (b), (c): two orders in force that supersede one; orders that supersede each other.
CREATE VIEW replaces AS SELECT l.s, l.k, h.k AS of FROM link l JOIN head a ON a.s = l.s AND a.k = l.k AND NOT a.draft
    JOIN head h ON h.s = l.s AND h.id = l.id AND h.k <> l.k JOIN may m ON m.issuer = h.issuer AND m.by = a.issuer
    WHERE l.field = 'supersedes';
INSERT INTO finding SELECT x.s, 'stale-order', 'fork', min(x.k) || ',' || max(x.k), 0,
    (SELECT value FROM rule WHERE name = 'stale_severity'), NULL, x.of
    FROM replaces x JOIN live y ON y.s = x.s AND y.k = x.k
    WHERE NOT EXISTS (SELECT 1 FROM replaces r WHERE r.s = x.s AND r.k = x.of AND r.of = x.k)
    GROUP BY x.s, x.of HAVING count(DISTINCT x.k) = 2;
INSERT INTO finding SELECT x.s, 'stale-order', 'cycle', x.k || ',' || x.of, 0,
    (SELECT value FROM rule WHERE name = 'stale_severity') + 1, NULL, NULL
    FROM (SELECT l.s, l.k, h.k AS of FROM link l JOIN live a ON a.s = l.s AND a.k = l.k
        JOIN live h ON h.s = l.s AND h.id = l.id JOIN may m ON m.issuer = h.issuer AND m.by = a.issuer
        WHERE l.field = 'supersedes' AND NOT a.draft) x
    JOIN (SELECT l.s, l.k, h.k AS of FROM link l JOIN live a ON a.s = l.s AND a.k = l.k
        JOIN live h ON h.s = l.s AND h.id = l.id JOIN may m ON m.issuer = h.issuer AND m.by = a.issuer
        WHERE l.field = 'supersedes' AND NOT a.draft) y
    ON y.s = x.s AND y.k = x.of AND y.of = x.k WHERE x.k < x.of;

-- K16 and K12 (g): who performs it and has not answered it, by its start less the notice.
CREATE VIEW given AS SELECT w.s, w.by, w.created, h.k, w.revision, h.revision AS newest, h.created AS since FROM answer w
    JOIN head h ON h.s = w.s AND h.id = w.id WHERE w.step IN ('wilco', 'cannot-comply');
CREATE VIEW silent AS SELECT a.s, a.k, u.who, e.se, EXISTS (SELECT 1 FROM given g JOIN act o ON o.s = g.s
        AND o.id = a.id AND o.issuer = a.issuer AND o.revision < a.revision 
        AND (g.revision = o.revision OR g.revision = 0 AND g.created >= o.created) WHERE g.s = a.s AND g.k = a.k AND g.by = u.who) AS earlier
    FROM live a JOIN unit u ON u.s = a.s AND u.k = a.k JOIN extent e ON e.s = a.s AND e.k = a.k
    JOIN moment t ON t.s = a.s JOIN rule n ON n.name = 'notice_s'
    WHERE a.kind = 'directive' AND NOT a.draft AND u.who <> a.issuer
    AND CASE WHEN e.se > -1152921504606846976 THEN e.se - n.value * 1000000 ELSE a.created + n.value * 1000000 END <= t.now
    AND NOT EXISTS (SELECT 1 FROM given g WHERE g.s = a.s AND g.k = a.k AND g.by = u.who
        AND (g.revision = a.revision OR g.revision = 0 AND g.created >= a.created));
INSERT INTO finding SELECT s, 'not-acknowledged', 'notice', k, 0,
    (SELECT value FROM rule WHERE name = 'not_acknowledged_severity'), NULL, NULL FROM silent WHERE NOT earlier
    GROUP BY s, k;
INSERT INTO finding SELECT s, 'stale-order', 'acknowledged', k, 0,
    (SELECT value FROM rule WHERE name = 'stale_severity'), NULL, 'acknowledged' FROM silent WHERE earlier GROUP BY s, k;

-- K18: an input that keeps a test from being made, as severe as the worst row that it could have broken.
CREATE VIEW spoken AS SELECT a.*, (SELECT min(r.severity) FROM row r JOIN class c ON c.class IN (r.a, r.b)
    WHERE c.s = a.s AND c.k = a.k AND r.a <> '*hazard') AS worst FROM live a;
CREATE VIEW placed AS SELECT a.*, a.worst IS NOT NULL OR h.moves AS somewhere FROM spoken a
    JOIN heavy h ON h.s = a.s AND h.k = a.k WHERE a.on_duty;
CREATE VIEW unclear AS
    SELECT a.s, a.k, 'windows[' || w.w || ']' AS field, w.fault AS what, a.worst FROM placed a
    JOIN slot w ON w.s = a.s AND w.k = a.k WHERE w.fault <> ''
    AND NOT EXISTS (SELECT 1 FROM mere m WHERE m.s = a.s AND m.k = a.k)
    UNION SELECT a.s, a.k, 'area', p.fault, a.worst FROM placed a JOIN part p ON p.s = a.s AND p.k = a.k
    WHERE p.fault <> ''
    UNION SELECT a.s, a.k, 'area', 'missing', a.worst FROM placed a WHERE a.somewhere
    AND NOT EXISTS (SELECT 1 FROM part p WHERE p.s = a.s AND p.k = a.k)
    AND NOT EXISTS (SELECT 1 FROM crossing c WHERE c.s = a.s AND c.k = a.k)
    AND NOT EXISTS (SELECT 1 FROM mere m WHERE m.s = a.s AND m.k = a.k)
    UNION SELECT a.s, a.k, 'windows', 'missing', a.worst FROM placed a JOIN part p ON p.s = a.s AND p.k = a.k
    WHERE p.fault = '' AND NOT a.always AND NOT EXISTS (SELECT 1 FROM slot w WHERE w.s = a.s AND w.k = a.k)
    UNION SELECT a.s, a.k, 'performers[' || p.i || ']', 'unknown-unit', a.worst FROM spoken a
    JOIN performs p ON p.s = a.s AND p.k = a.k LEFT JOIN unit_name n ON n.name = p.named
    WHERE p.unit = '' AND p.i >= 0 AND n.participant IS NULL
    UNION SELECT u.s, u.k, 'vehicles (' || u.section || ')', 'no-load-class',
    (SELECT value FROM rule WHERE name = 'capacity_severity') FROM use u
    JOIN rated r ON r.s = u.s AND r.section = u.section JOIN heavy h ON h.s = u.s AND h.k = u.k
    WHERE r.class IS NOT NULL AND coalesce(h.class, 0) <= r.class AND h.unknown;
INSERT INTO finding SELECT s, 'undecidable', what, k, 2, coalesce(worst, 2), NULL, field FROM unclear;
