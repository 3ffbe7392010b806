-- What is in force, whose it is, and which two are compared. Source: reference deconfliction.md §2.1, §2.4.

CREATE VIEW head AS SELECT * FROM act a WHERE NOT EXISTS
    (SELECT 1 FROM act b WHERE b.s = a.s AND b.issuer = a.issuer AND b.id = a.id AND b.revision > a.revision);
CREATE VIEW may AS SELECT who AS issuer, superior AS by FROM above;
-- §2.4: a cancellation is a tombstone; what superseded or cancelled an order ends it, even if it is gone itself
CREATE TABLE ended(s INT, k INT, created INT, by INT);
CREATE TABLE live(s INT, k INT, id TEXT, issuer TEXT, revision INT, kind TEXT, created INT, reality TEXT, word TEXT,
    exclusive INT, armed INT, draft INT, on_duty INT, always INT, partial INT, cited INT, method TEXT,
    floor REAL, floor_in TEXT, ceiling REAL, ceiling_in TEXT, band INT, PRIMARY KEY(s, k));
CREATE VIEW mere AS SELECT a.s, a.k FROM act a WHERE EXISTS
    (SELECT 1 FROM link l WHERE l.s = a.s AND l.k = a.k AND l.field IN ('amends', 'cancels'))
    AND NOT EXISTS (SELECT 1 FROM part p WHERE p.s = a.s AND p.k = a.k)
    AND NOT EXISTS (SELECT 1 FROM crossing c WHERE c.s = a.s AND c.k = a.k);
CREATE TABLE usable(s INT, k INT, se INT, sl INT, ee INT, el INT);
CREATE TABLE extent(s INT, k INT, se INT, el INT, PRIMARY KEY(s, k));
CREATE TABLE class(s INT, k INT, class TEXT);
CREATE TABLE unit(s INT, k INT, who TEXT);
CREATE TABLE couple(s INT, a INT, b INT, quiet INT);
CREATE TABLE heavy(s INT, k INT, class INT, unknown INT, moves INT);
CREATE TABLE rated(s INT, section TEXT, class INT, lanes INT, closed INT, headway INT);
CREATE INDEX usable_by ON usable(s, k);
CREATE INDEX class_by ON class(s, k);
CREATE INDEX unit_by ON unit(s, k);

CREATE VIEW cites AS SELECT l.s, l.k, o.k AS of, l.field FROM link l
    JOIN head o ON o.s = l.s AND o.id = l.id AND (l.revision = 0 OR l.revision = o.revision)
    UNION SELECT n.s, n.k, o.k, 'relief' FROM needs n JOIN head o ON o.s = n.s AND o.id = n.id
    WHERE n.relation = 'relief-of';

INSERT INTO ended
    SELECT a.s, a.k, g.created, -1 FROM head a JOIN gone g ON g.s = a.s AND g.id = a.id AND g.issuer = a.issuer
    UNION ALL
    SELECT a.s, a.k, b.created, b.k FROM head a JOIN link l ON l.s = a.s AND l.id = a.id
    JOIN act b ON b.s = l.s AND b.k = l.k AND NOT b.draft AND (b.id <> a.id OR b.issuer <> a.issuer)
    JOIN may m ON m.issuer = a.issuer AND m.by = b.issuer
    WHERE l.field = 'cancels' OR l.field = 'supersedes' AND NOT EXISTS (SELECT 1 FROM link back
        JOIN may n ON n.issuer = b.issuer AND n.by = a.issuer
        WHERE back.s = a.s AND back.k = a.k AND back.field = 'supersedes' AND back.id = b.id AND NOT a.draft);
INSERT INTO usable
    SELECT s, k, se, sl, ee, el FROM slot WHERE fault = ''
    UNION ALL SELECT s, k, -1152921504606846976, -1152921504606846976, 1152921504606846976, 1152921504606846976 FROM act a
    WHERE always AND NOT EXISTS (SELECT 1 FROM slot w WHERE w.s = a.s AND w.k = a.k);
INSERT INTO extent
    SELECT a.s, a.k, coalesce(min(u.se), -1152921504606846976), coalesce(max(u.el), 1152921504606846976)
    FROM act a LEFT JOIN usable u ON u.s = a.s AND u.k = a.k GROUP BY a.s, a.k;
-- §2.1 Active: not superseded, not cancelled, not over for longer than it is kept
INSERT INTO live SELECT a.* FROM head a JOIN extent e ON e.s = a.s AND e.k = a.k JOIN moment t ON t.s = a.s
    WHERE NOT EXISTS (SELECT 1 FROM ended x WHERE x.s = a.s AND x.k = a.k)
    AND (e.el >= 1152921504606846976 OR e.el + (SELECT value FROM rule WHERE name = 'keep_s') * 1000000 > t.now);
INSERT INTO class SELECT DISTINCT a.s, a.k, c.class FROM live a JOIN activity c ON c.kind = a.kind
    AND (c.word IS NULL OR c.word = a.word) AND (c.exclusive IS NULL OR c.exclusive = a.exclusive)
    AND (c.armed IS NULL OR c.armed IS a.armed);
INSERT INTO unit SELECT DISTINCT p.s, p.k, coalesce(nullif(p.unit, ''), n.participant) FROM performs p
    LEFT JOIN unit_name n ON n.name = p.named WHERE coalesce(nullif(p.unit, ''), n.participant) IS NOT NULL;
INSERT INTO couple SELECT a.s, a.k, b.k, a.draft OR b.draft FROM live a JOIN live b ON a.s = b.s AND a.k < b.k
    WHERE a.reality = b.reality AND NOT (a.draft AND b.draft AND a.issuer <> b.issuer);
INSERT INTO heavy SELECT a.s, a.k, max(coalesce(c.class, v.class)),
    count(c.type) = 0 OR max(c.type IS NOT NULL AND c.class IS NULL AND v.class IS NULL),
    count(c.type) > 0 OR a.method = 'vehicle'
    FROM live a LEFT JOIN carries c ON c.s = a.s AND c.k = a.k LEFT JOIN vehicle v ON v.name = c.type
    GROUP BY a.s, a.k;
INSERT INTO rated SELECT t.s, c.name, coalesce(r.class, c.class), coalesce(r.lanes, c.lanes), coalesce(r.closed, 0),
    coalesce(r.headway, c.headway * 1000000, 0)
    FROM moment t JOIN section c LEFT JOIN rating r ON r.s = t.s AND r.section = c.name AND NOT EXISTS
    (SELECT 1 FROM rating n WHERE n.s = r.s AND n.section = r.section AND n.created > r.created);

-- Who may task whom, for which action, when: up the standing chain and the relations beside it, as far as both hold.
CREATE TABLE may_task(unit TEXT, issuer TEXT, action TEXT, start INT, end INT);
INSERT INTO may_task WITH RECURSIVE way(unit, top, action, start, end) AS (
    SELECT DISTINCT a.who, a.who, e.action, -1152921504606846976, 1152921504606846976 FROM above a
    JOIN (SELECT DISTINCT action FROM edge) e
    UNION SELECT w.unit, e.superior, w.action, max(w.start, e.start), min(w.end, e.end) FROM way w
    JOIN edge e ON e.unit = w.top AND e.action = w.action WHERE max(w.start, e.start) < min(w.end, e.end))
    SELECT * FROM way;
CREATE INDEX may_task_by ON may_task(unit, issuer, action);
