-- K02 contradictory-orders, K09 mandate, K10 authority, K11 command-fork, K17 duplicate-task.

-- Orders that task units, the units (a part goes by a name of its own), and when: no window at all is any time.
CREATE TABLE tasks(s INT, k INT, who TEXT, part TEXT);
INSERT INTO tasks SELECT DISTINCT p.s, p.k, coalesce(nullif(p.unit, ''), n.participant),
    CASE WHEN p.named IN (SELECT name FROM whole) THEN '' ELSE p.named END
    FROM performs p JOIN live a ON a.s = p.s AND a.k = p.k LEFT JOIN unit_name n ON n.name = p.named
    WHERE p.i >= 0 AND coalesce(nullif(p.unit, ''), n.participant) IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM mere m WHERE m.s = p.s AND m.k = p.k);
CREATE TABLE task_span(s INT, k INT, se INT, sl INT, ee INT, el INT);
INSERT INTO task_span SELECT u.* FROM usable u JOIN live a ON a.s = u.s AND a.k = u.k WHERE a.kind = 'directive'
    UNION ALL SELECT s, k, -1152921504606846976, 1152921504606846976, -1152921504606846976, 1152921504606846976
    FROM live a WHERE kind = 'directive' AND NOT EXISTS (SELECT 1 FROM slot w WHERE w.s = a.s AND w.k = a.k);
CREATE INDEX tasks_by ON tasks(s, k);
CREATE INDEX task_span_by ON task_span(s, k);

-- §2.3 K02: one unit, or a unit and what it belongs to; not if an order takes only part of it.
CREATE TABLE twice(s INT, a INT, b INT, ia TEXT, ib TEXT, va TEXT, vb TEXT, agreed INT);
INSERT INTO twice SELECT DISTINCT c.s, c.a, c.b, x.issuer, y.issuer, x.word, y.word,
    EXISTS (SELECT 1 FROM agreed g WHERE g.s = c.s AND g.a = c.a AND g.b = c.b)
    FROM couple c JOIN live x ON x.s = c.s AND x.k = c.a AND NOT x.partial
    JOIN live y ON y.s = c.s AND y.k = c.b AND NOT y.partial
    JOIN tasks u ON u.s = c.s AND u.k = c.a JOIN tasks v ON v.s = c.s AND v.k = c.b
    WHERE NOT EXISTS (SELECT 1 FROM linked l WHERE l.s = c.s AND l.a = c.a AND l.b = c.b)
    AND (u.who = v.who AND (u.part = '' OR v.part = '' OR u.part = v.part)
        OR u.part = '' AND EXISTS (SELECT 1 FROM above WHERE who = v.who AND superior = u.who AND height > 0)
        OR v.part = '' AND EXISTS (SELECT 1 FROM above WHERE who = u.who AND superior = v.who AND height > 0));
CREATE TABLE same_time(s INT, a INT, b INT, unsure INT);
INSERT INTO same_time SELECT t.s, t.a, t.b,
    NOT (u.sl < u.ee AND v.sl < v.ee AND u.sl < v.ee AND v.sl < u.ee)
    FROM (SELECT DISTINCT s, a, b FROM twice) t JOIN task_span u ON u.s = t.s AND u.k = t.a
    JOIN task_span v ON v.s = t.s AND v.k = t.b WHERE u.se < v.el AND v.se < u.el AND u.se < u.el AND v.se < v.el;

-- What one unit cannot do at once: actions that the mission rules out, staying here and being there, staying and moving.
CREATE VIEW somewhere AS SELECT t.*, (SELECT l.metres > 0 FROM lies l WHERE l.s = t.s AND l.sort = 'act' AND l.k = t.a
    AND l.q = t.b AND EXISTS (SELECT 1 FROM usable u WHERE u.s = t.s AND u.k = t.a)
    AND EXISTS (SELECT 1 FROM usable u WHERE u.s = t.s AND u.k = t.b)) AS apart, EXISTS (SELECT 1 FROM part p WHERE p.s = t.s AND p.k = t.a)
    AND EXISTS (SELECT 1 FROM part p WHERE p.s = t.s AND p.k = t.b) AS placed FROM twice t WHERE NOT agreed;
CREATE VIEW k02_hit AS SELECT t.s, t.a, t.b, m.unsure, coalesce(c.severity, 1) AS base FROM somewhere t
    JOIN same_time m ON m.s = t.s AND m.a = t.a AND m.b = t.b
    JOIN contradiction c ON c.a = t.va AND c.b = t.vb OR c.a = t.vb AND c.b = t.va
    WHERE NOT c.elsewhere OR t.apart
    UNION ALL SELECT t.s, t.a, t.b, m.unsure, 1 FROM somewhere t
    JOIN same_time m ON m.s = t.s AND m.a = t.a AND m.b = t.b
    WHERE t.apart AND EXISTS (SELECT 1 FROM stays WHERE action IN (t.va, t.vb))
    OR NOT t.placed AND 'move' IN (t.va, t.vb) AND EXISTS (SELECT 1 FROM stays WHERE action IN (t.va, t.vb));
CREATE TABLE k02(s INT, a INT, b INT, unsure INT, severity INT);
INSERT INTO k02 SELECT s, a, b, unsure, severity FROM (SELECT s, a, b, unsure, base + unsure AS severity, row_number()
    OVER (PARTITION BY s, a, b ORDER BY base + unsure, unsure) AS place FROM k02_hit) WHERE place = 1;
INSERT INTO finding SELECT s, 'contradictory-orders', NULL, a || ',' || b, unsure, severity, NULL, NULL FROM k02;

-- K11: neither issuer above the other, no published precedence, and no relation that gives one its own action.
CREATE VIEW split AS SELECT t.s, t.a, t.b, u.rowid AS u, v.rowid AS v FROM twice t
    JOIN task_span u ON u.s = t.s AND u.k = t.a JOIN task_span v ON v.s = t.s AND v.k = t.b
    WHERE EXISTS (SELECT 1 FROM relation r JOIN relation_action o ON o.n = r.n JOIN relation_period p ON p.n = r.n
        WHERE r.tasks AND r.unit IN (SELECT who FROM tasks x WHERE x.s = t.s AND x.k IN (t.a, t.b)) AND (
        o.action = t.va AND t.vb NOT IN (SELECT action FROM relation_action z WHERE z.n = r.n)
            AND p.start <= u.se AND u.el <= p.end AND (r.superior = t.ia
            OR EXISTS (SELECT 1 FROM above WHERE who = r.superior AND superior = t.ia))
        OR o.action = t.vb AND t.va NOT IN (SELECT action FROM relation_action z WHERE z.n = r.n)
            AND p.start <= v.se AND v.el <= p.end AND (r.superior = t.ib
            OR EXISTS (SELECT 1 FROM above WHERE who = r.superior AND superior = t.ib))));
CREATE VIEW k11 AS SELECT t.s, t.a, t.b, min(NOT (u.sl < u.ee AND v.sl < v.ee AND u.sl < v.ee AND v.sl < u.ee)) AS unsure
    FROM (SELECT DISTINCT s, a, b, ia, ib FROM twice WHERE NOT agreed) t
    JOIN task_span u ON u.s = t.s AND u.k = t.a JOIN task_span v ON v.s = t.s AND v.k = t.b
    WHERE u.se < v.el AND v.se < u.el AND u.se < u.el AND v.se < v.el
    AND NOT EXISTS (SELECT 1 FROM chain h WHERE h.s = t.s AND h.a = t.a AND h.b = t.b)
    AND NOT EXISTS (SELECT 1 FROM precedence p JOIN class c ON c.s = t.s JOIN class d ON d.s = t.s
        WHERE p.over = c.class AND p.under = d.class AND (c.k = t.a AND d.k = t.b OR c.k = t.b AND d.k = t.a))
    AND NOT EXISTS (SELECT 1 FROM split x WHERE x.s = t.s AND x.a = t.a AND x.b = t.b AND x.u = u.rowid AND x.v = v.rowid)
    AND NOT EXISTS (SELECT 1 FROM k02 k WHERE k.s = t.s AND k.a = t.a AND k.b = t.b)
    GROUP BY t.s, t.a, t.b;
INSERT INTO finding SELECT s, 'command-fork', 'command-fork', a || ',' || b, unsure, 2 + unsure, NULL, NULL FROM k11;

-- K10: no relation lets the issuer task the unit, for this action, during the task or part of it.
CREATE VIEW held AS SELECT t.s, t.k, t.who, w.rowid AS w, w.se, w.el, f.start, f.end FROM tasks t
    JOIN live a ON a.s = t.s AND a.k = t.k JOIN task_span w ON w.s = t.s AND w.k = t.k
    JOIN may_task f ON f.unit = t.who AND f.issuer = a.issuer AND f.action = a.word
    WHERE f.start < w.el AND w.se < f.end;
CREATE VIEW instant AS SELECT t.s, t.k, t.who, w.rowid AS w, w.se AS at FROM tasks t
    JOIN task_span w ON w.s = t.s AND w.k = t.k
    UNION SELECT s, k, who, w, end FROM held WHERE end < el;
CREATE VIEW lacking AS SELECT i.s, i.k, i.who, i.w, EXISTS (SELECT 1 FROM held h WHERE h.s = i.s AND h.k = i.k
    AND h.who = i.who AND h.w = i.w) AS partly FROM instant i WHERE NOT EXISTS (SELECT 1 FROM held h
    WHERE h.s = i.s AND h.k = i.k AND h.who = i.who AND h.w = i.w AND h.start <= i.at AND i.at < h.end);
INSERT INTO finding SELECT s, 'authority', 'authority', k, min(partly), 1 + min(partly), NULL, NULL FROM lacking
    GROUP BY s, k;

-- K09: no clause for the action, or one that does not cover the time or the place, or asks for an authority not cited.
CREATE VIEW bound AS SELECT a.* FROM live a WHERE a.kind = 'directive' AND EXISTS (SELECT 1 FROM clause)
    AND NOT EXISTS (SELECT 1 FROM mere m WHERE m.s = a.s AND m.k = a.k);
CREATE VIEW breach AS
    SELECT a.s, a.k, a.word = 'other' AS unsure FROM bound a WHERE a.word NOT IN (SELECT action FROM clause)
    UNION ALL SELECT a.s, a.k, NOT (w.el <= c.start OR c.end <= w.se OR w.sl < w.ee AND (w.sl < c.start OR c.end < w.ee))
    FROM bound a JOIN clause c ON c.action = a.word JOIN task_span w ON w.s = a.s AND w.k = a.k
    WHERE w.se < c.start OR c.end < w.el
    UNION ALL SELECT a.s, a.k, l.held > 0 FROM bound a JOIN clause c ON c.action = a.word AND c.placed
    JOIN lies l ON l.s = a.s AND l.k = a.k AND l.sort = 'clause' AND l.other = c.name AND l.held < 2
    JOIN usable w ON w.s = a.s AND w.k = a.k WHERE w.se < c.end AND c.start < w.el
    UNION ALL SELECT a.s, a.k, 0 FROM bound a JOIN clause c ON c.action = a.word AND c.cites WHERE NOT a.cited;
INSERT INTO finding SELECT s, 'mandate', NULL, k, min(unsure), min(unsure), NULL, NULL FROM breach GROUP BY s, k;

-- K17: the same task for two contingents at the same place and time, neither aware of the other.
CREATE VIEW aware AS SELECT c.s, c.a, c.b FROM couple c JOIN cites q ON q.s = c.s
    AND q.field IN ('permitted', 'coordinated_with') AND (q.k = c.a AND q.of = c.b OR q.k = c.b AND q.of = c.a)
    UNION SELECT c.s, c.a, c.b FROM couple c JOIN needs n ON n.s = c.s JOIN head h ON h.s = n.s AND h.id = n.id
    AND (n.k = c.a AND h.k = c.b OR n.k = c.b AND h.k = c.a);
CREATE VIEW alike AS SELECT c.s, c.a, c.b, min(NOT (u.sl < u.ee AND v.sl < v.ee AND u.sl < v.ee AND v.sl < u.ee)) AS unsure
    FROM couple c JOIN live x ON x.s = c.s AND x.k = c.a JOIN live y ON y.s = c.s AND y.k = c.b AND y.word = x.word
    JOIN lies l ON l.s = c.s AND l.sort = 'act' AND l.k = c.a AND l.q = c.b
    JOIN rule r ON r.name = 'duplicate_m' AND l.differ <= r.value
    JOIN task_span u ON u.s = c.s AND u.k = c.a JOIN task_span v ON v.s = c.s AND v.k = c.b
    WHERE x.kind = 'directive' AND y.kind = 'directive' AND x.word <> 'other'
    AND EXISTS (SELECT 1 FROM usable z WHERE z.s = c.s AND z.k = c.a)
    AND EXISTS (SELECT 1 FROM usable z WHERE z.s = c.s AND z.k = c.b)
    AND u.se < v.el AND v.se < u.el AND u.se < u.el AND v.se < v.el GROUP BY c.s, c.a, c.b;
INSERT INTO finding SELECT q.s, 'duplicate-task', 'duplicate-task', q.a || ',' || q.b, q.unsure, 4, NULL, NULL FROM alike q
    WHERE EXISTS (SELECT 1 FROM tasks t JOIN contingent n ON n.who = t.who WHERE t.s = q.s AND t.k = q.a)
    AND EXISTS (SELECT 1 FROM tasks t JOIN contingent n ON n.who = t.who WHERE t.s = q.s AND t.k = q.b)
    AND NOT EXISTS (SELECT 1 FROM tasks t JOIN tasks o ON o.s = t.s AND o.k = q.b JOIN above h
        ON h.who = t.who AND h.superior = o.who OR h.who = o.who AND h.superior = t.who WHERE t.s = q.s AND t.k = q.a)
    AND NOT EXISTS (SELECT 1 FROM aware w WHERE w.s = q.s AND w.a = q.a AND w.b = q.b)
    AND NOT EXISTS (SELECT 1 FROM linked l WHERE l.s = q.s AND l.a = q.a AND l.b = q.b)
    AND NOT EXISTS (SELECT 1 FROM agreed g WHERE g.s = q.s AND g.a = q.a AND g.b = q.b)
    AND NOT EXISTS (SELECT 1 FROM k01 k WHERE k.s = q.s AND k.a = q.a AND k.b = q.b);
