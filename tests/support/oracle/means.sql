-- K03 asset-overbooked, K13 frequency, K14 broken-dependency, K15 infeasible.

-- When an order or a movement is to be done: its windows, or any time if it says none.
CREATE TABLE span(s INT, k INT, se INT, sl INT, ee INT, el INT);
INSERT INTO span SELECT u.* FROM usable u JOIN live a ON a.s = u.s AND a.k = u.k
    WHERE a.kind IN ('directive', 'movement') AND a.on_duty
    UNION ALL SELECT s, k, -1152921504606846976, 1152921504606846976, -1152921504606846976, 1152921504606846976
    FROM live a WHERE kind IN ('directive', 'movement') AND on_duty
    AND NOT EXISTS (SELECT 1 FROM slot w WHERE w.s = a.s AND w.k = a.k);
CREATE INDEX span_by ON span(s, k);
CREATE VIEW guarded_class AS SELECT DISTINCT c.s, c.k FROM class c JOIN protected p ON p.class = c.class;
CREATE VIEW one_task AS SELECT o.s, o.a, o.b FROM one_unit o JOIN cites q ON q.s = o.s
    AND q.field IN ('coordinated_with', 'relief') AND (q.k = o.a AND q.of = o.b OR q.k = o.b AND q.of = o.a);

-- K03: minimal sets that may want more at an instant than there is, each with its turnaround.
CREATE TABLE claim(s INT, k INT, n INT, amount INT);
INSERT INTO claim SELECT w.s, w.k, m.n, sum(round(w.amount * 1000000)) FROM wants w JOIN asset_name m ON m.name = w.asset
    JOIN live a ON a.s = w.s AND a.k = w.k WHERE w.amount > 0 AND a.on_duty GROUP BY w.s, w.k, m.n;
CREATE VIEW shareable AS SELECT s, a, b FROM linked UNION SELECT s, a, b FROM agreed UNION SELECT s, a, b FROM permits
    UNION SELECT s, a, b FROM one_task;
CREATE TABLE both(s INT, a INT, b INT, n INT, unsure INT, allowed INT);
INSERT INTO both SELECT c.s, c.a, c.b, p.n, min(NOT (u.sl < u.ee AND v.sl < v.ee
        AND u.sl < v.ee + t.turnaround AND v.sl < u.ee + t.turnaround)),
    EXISTS (SELECT 1 FROM shareable h WHERE h.s = c.s AND h.a = c.a AND h.b = c.b)
    FROM couple c JOIN claim p ON p.s = c.s AND p.k = c.a JOIN claim q ON q.s = c.s AND q.k = c.b AND q.n = p.n
    JOIN asset t ON t.n = p.n JOIN span u ON u.s = c.s AND u.k = c.a JOIN span v ON v.s = c.s AND v.k = c.b
    WHERE u.se < v.el + t.turnaround AND v.se < u.el + t.turnaround GROUP BY c.s, c.a, c.b, p.n;
CREATE VIEW too_much AS
    SELECT p.s, p.k AS a, -1 AS b, -1 AS c, p.n, min(NOT w.sl < w.ee) AS unsure, p.k AS parties FROM claim p
    JOIN asset t ON t.n = p.n JOIN span w ON w.s = p.s AND w.k = p.k WHERE p.amount > t.capacity GROUP BY p.s, p.k, p.n
    UNION ALL SELECT m.s, m.a, m.b, -1, m.n, m.unsure, m.a || ',' || m.b FROM both m JOIN asset t ON t.n = m.n
    JOIN claim p ON p.s = m.s AND p.n = m.n AND p.k = m.a JOIN claim q ON q.s = m.s AND q.n = m.n AND q.k = m.b
    WHERE NOT m.allowed AND p.amount <= t.capacity AND q.amount <= t.capacity AND p.amount + q.amount > t.capacity
    UNION ALL SELECT m.s, m.a, m.b, l.b, m.n, m.unsure OR l.unsure OR r.unsure, m.a || ',' || m.b || ',' || l.b
    FROM both m JOIN both l ON l.s = m.s AND l.n = m.n AND l.a = m.b
    JOIN both r ON r.s = m.s AND r.n = m.n AND r.a = m.a AND r.b = l.b JOIN asset t ON t.n = m.n
    JOIN claim p ON p.s = m.s AND p.n = m.n AND p.k = m.a JOIN claim q ON q.s = m.s AND q.n = m.n AND q.k = m.b
    JOIN claim z ON z.s = m.s AND z.n = m.n AND z.k = l.b WHERE NOT (m.allowed AND l.allowed AND r.allowed)
    AND p.amount + q.amount <= t.capacity AND q.amount + z.amount <= t.capacity AND p.amount + z.amount <= t.capacity
    AND p.amount + q.amount + z.amount > t.capacity;
INSERT INTO finding SELECT o.s, 'asset-overbooked', NULL, o.parties, o.unsure, t.severity + (o.unsure AND NOT EXISTS
    (SELECT 1 FROM guarded_class g WHERE g.s = o.s AND g.k IN (o.a, o.b, o.c))), NULL, t.name
    FROM too_much o JOIN asset t ON t.n = o.n;
INSERT INTO finding SELECT DISTINCT w.s, 'undecidable', CASE WHEN m.n IS NULL THEN 'unknown-asset' ELSE 'no-amount' END,
    w.k, 2, 1, NULL, 'assets[' || w.i || CASE WHEN m.n IS NULL THEN '].name' ELSE '].amount' END
    FROM wants w JOIN live a ON a.s = w.s AND a.k = w.k LEFT JOIN asset_name m ON m.name = w.asset
    WHERE m.n IS NULL OR w.amount <= 0;

-- K13: two frequencies of a band closer than its separation, by users who may be near each other; and guarded ones.
CREATE VIEW on_air AS SELECT r.s, r.k, r.hz FROM radio r JOIN live a ON a.s = r.s AND a.k = r.k AND a.on_duty
    WHERE NOT EXISTS (SELECT 1 FROM mere m WHERE m.s = r.s AND m.k = r.k);
CREATE VIEW too_close AS SELECT DISTINCT c.s, c.a, c.b, d.n FROM couple c JOIN on_air x ON x.s = c.s AND x.k = c.a
    JOIN on_air y ON y.s = c.s AND y.k = c.b JOIN radio_band d
    WHERE x.hz BETWEEN d.lower AND d.upper AND y.hz BETWEEN d.lower AND d.upper AND abs(x.hz - y.hz) < d.apart
    AND NOT EXISTS (SELECT 1 FROM linked l WHERE l.s = c.s AND l.a = c.a AND l.b = c.b)
    AND NOT EXISTS (SELECT 1 FROM agreed l WHERE l.s = c.s AND l.a = c.a AND l.b = c.b)
    AND NOT EXISTS (SELECT 1 FROM one_task l WHERE l.s = c.s AND l.a = c.a AND l.b = c.b);
CREATE VIEW in_reach AS SELECT c.s, c.a, c.b, c.n, min(NOT (u.sl < u.ee AND v.sl < v.ee AND u.sl < v.ee
        AND v.sl < u.ee) OR l.metres IS NULL) AS unsure
    FROM too_close c JOIN radio_band d ON d.n = c.n JOIN span u ON u.s = c.s AND u.k = c.a
    JOIN span v ON v.s = c.s AND v.k = c.b
    LEFT JOIN lies l ON l.s = c.s AND l.sort = 'act' AND l.k = c.a AND l.q = c.b
    WHERE u.se < v.el AND v.se < u.el AND (l.metres IS NULL OR l.metres <= d.metres) GROUP BY c.s, c.a, c.b, c.n;
CREATE VIEW disturbed AS SELECT r.*, coalesce(d.severity, 2 - e.spared) + (r.unsure AND NOT e.spared) AS severity FROM
    (SELECT q.*, EXISTS (SELECT 1 FROM guarded_class g WHERE g.s = q.s AND g.k IN (q.a, q.b)) AS spared FROM in_reach q) e
    JOIN in_reach r ON r.s = e.s AND r.a = e.a AND r.b = e.b AND r.n = e.n JOIN radio_band d ON d.n = r.n;
INSERT INTO finding SELECT s, 'frequency', NULL, a || ',' || b, unsure, severity, NULL, NULL FROM (SELECT *, row_number()
    OVER (PARTITION BY s, a, b ORDER BY severity, unsure) AS place FROM disturbed) WHERE place = 1;
INSERT INTO finding SELECT DISTINCT x.s, 'frequency', g.kind, x.k, 0, CASE g.kind WHEN 'GUARDED' THEN 2 ELSE 1 END, NULL,
    g.name FROM on_air x JOIN guarded g WHERE (x.hz = g.hz OR abs(x.hz - g.hz) < g.apart)
    AND (EXISTS (SELECT 1 FROM unit u WHERE u.s = x.s AND u.k = x.k
        AND u.who NOT IN (SELECT who FROM guarded_holder h WHERE h.n = g.n))
    OR NOT EXISTS (SELECT 1 FROM unit u WHERE u.s = x.s AND u.k = x.k)
        AND (SELECT issuer FROM live a WHERE a.s = x.s AND a.k = x.k)
        NOT IN (SELECT who FROM guarded_holder h WHERE h.n = g.n));

-- K14: a start or an end that must not come before another one does; a task that is not covered all the time, everywhere.
CREATE VIEW edge_of AS SELECT s, k, min(se) AS se, min(sl) AS sl, max(ee) AS ee, max(el) AS el FROM span GROUP BY s, k;
CREATE VIEW needed AS SELECT n.s, n.k, o.k AS of, n.relation, n.offset, x.se, x.sl, x.ee, x.el,
    y.se AS ose, y.sl AS osl, y.ee AS oee, y.el AS oel FROM needs n JOIN live h ON h.s = n.s AND h.k = n.k
    JOIN live o ON o.s = n.s AND o.id = n.id JOIN couple c ON c.s = n.s AND c.a = min(n.k, o.k) AND c.b = max(n.k, o.k)
    JOIN edge_of x ON x.s = n.s AND x.k = n.k JOIN edge_of y ON y.s = n.s AND y.k = o.k
    WHERE NOT EXISTS (SELECT 1 FROM linked l WHERE l.s = c.s AND l.a = c.a AND l.b = c.b);
-- What must come later, and what it must not come before, each from its earliest to its latest.
CREATE VIEW sequence AS SELECT s, k, of, offset,
    CASE relation WHEN 'before-start' THEN ose WHEN 'relief-of' THEN oee ELSE se END AS first,
    CASE relation WHEN 'before-start' THEN osl WHEN 'relief-of' THEN oel ELSE sl END AS last,
    CASE relation WHEN 'after-start' THEN ose WHEN 'after-end' THEN oee WHEN 'before-start' THEN ee ELSE se END AS low,
    CASE relation WHEN 'after-start' THEN osl WHEN 'after-end' THEN oel WHEN 'before-start' THEN el ELSE sl END AS high
    FROM needed WHERE relation <> 'covered-by';
-- It is over when what had to come first has come.
CREATE VIEW broken AS SELECT s, k, of, NOT last < low + offset AS unsure,
    high + offset * (abs(high) < 1152921504606846976) AS until FROM sequence
    WHERE first < high + offset * (abs(high) < 1152921504606846976)
    UNION ALL SELECT s, k, of, NOT (se - offset < ose OR oel < el), NULL FROM needed WHERE relation = 'covered-by'
    AND (se - offset < osl OR oee < el)
    UNION ALL SELECT n.s, n.k, n.of, l.metres IS NULL OR l.metres < 1, NULL FROM needed n
    JOIN part p ON p.s = n.s AND p.k = n.k LEFT JOIN part q ON q.s = n.s AND q.k = n.of
    LEFT JOIN lies l ON l.s = n.s AND l.sort = 'act' AND l.k = min(n.k, n.of) AND l.q = max(n.k, n.of)
    WHERE relation = 'covered-by' AND (q.k IS NULL OR l.metres + 2 * p.reach > 1);
INSERT INTO finding SELECT b.s, 'broken-dependency', NULL, min(b.k, b.of) || ',' || max(b.k, b.of), min(b.unsure),
    1 + (min(b.unsure) AND NOT EXISTS (SELECT 1 FROM guarded_class g WHERE g.s = b.s AND g.k IN (b.k, b.of))), NULL, NULL
    FROM broken b GROUP BY b.s, min(b.k, b.of), max(b.k, b.of);

-- K15: between two tasks of a unit, less time than the way at its speed and its rest take.
CREATE VIEW following AS SELECT DISTINCT t.s, t.a, t.b, max(y.se - x.el, x.se - y.el) AS least,
    CASE WHEN y.se - x.el >= x.se - y.el THEN y.sl - x.ee ELSE x.sl - y.ee END AS most,
    max(0, coalesce(l.metres, 0)) AS metres FROM twice t JOIN edge_of x ON x.s = t.s AND x.k = t.a
    JOIN edge_of y ON y.s = t.s AND y.k = t.b
    LEFT JOIN lies l ON l.s = t.s AND l.sort = 'act' AND l.k = t.a AND l.q = t.b;
CREATE VIEW pace AS SELECT f.*, n.value * 1000000 AS rest, f.metres / v.max_mps * 1000000 AS quick,
    f.metres / v.min_mps * 1000000 AS slow FROM following f JOIN speed v ON v.method = 'vehicle'
    JOIN rule n ON n.name = 'rest_s' JOIN rule w ON w.name = 'travel_within_s'
    WHERE f.least BETWEEN 0 AND w.value * 1000000;
INSERT INTO finding SELECT s, 'infeasible', NULL, a || ',' || b, NOT round(rest + quick) > most,
    2 + (NOT round(rest + quick) > most), NULL, NULL FROM pace WHERE round(rest + slow) > least;
