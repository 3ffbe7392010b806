-- K01 incompatible-activities: two classes of a row, nearer than it asks for in place, height and time.

-- POSS(c) is away < c, DEF(c) is sure < c; sure is null where no choice of times is certain (§2.1).
CREATE TABLE clock(s INT, a INT, b INT, away INT, sure INT, start INT);
INSERT INTO clock SELECT c.s, c.a, c.b, max(u.se - v.el, v.se - u.el),
    CASE WHEN u.sl < u.ee AND v.sl < v.ee THEN max(u.sl - v.ee, v.sl - u.ee) END, max(u.se, v.se)
    FROM couple c JOIN usable u ON u.s = c.s AND u.k = c.a JOIN usable v ON v.s = c.s AND v.k = c.b
    WHERE u.se < u.el AND v.se < v.el;
CREATE INDEX clock_by ON clock(s, a, b);

-- Closed intervals; a missing band is the whole column; unlike datums separate nothing and prove nothing.
CREATE VIEW over_under AS SELECT c.s, c.a, c.b, x.band AND y.band AS banded,
    CASE WHEN x.ceiling_in = y.floor_in THEN y.floor - x.ceiling END AS below,
    CASE WHEN y.ceiling_in = x.floor_in THEN x.floor - y.ceiling END AS above,
    coalesce(x.ceiling_in <> y.floor_in, 0) OR coalesce(y.ceiling_in <> x.floor_in, 0) AS unlike
    FROM couple c JOIN live x ON x.s = c.s AND x.k = c.a JOIN live y ON y.s = c.s AND y.k = c.b;
CREATE TABLE height(s INT, a INT, b INT, gap REAL, unproven INT, PRIMARY KEY(s, a, b));
INSERT INTO height SELECT s, a, b,
    CASE WHEN banded THEN max(coalesce(below, above), coalesce(above, below)) END, coalesce(banded AND unlike, 0)
    FROM over_under;

CREATE VIEW role AS SELECT c.s, c.a, c.b, r.rank, p.class = r.a AND q.class = r.b AS straight,
    p.class = r.b AND q.class = r.a AS crossed FROM couple c
    JOIN class p ON p.s = c.s AND p.k = c.a JOIN class q ON q.s = c.s AND q.k = c.b
    JOIN row r ON r.a = p.class AND r.b = q.class OR r.a = q.class AND r.b = p.class;
CREATE TABLE plays(s INT, a INT, b INT, rank INT, straight INT, crossed INT);
INSERT INTO plays SELECT s, a, b, rank, max(straight), max(crossed) FROM role GROUP BY s, a, b, rank;
-- That a hazard reaches a plan counts only where no row of the mission speaks of the two.
DELETE FROM plays WHERE rank IN (SELECT rank FROM row WHERE a = '*hazard')
    AND EXISTS (SELECT 1 FROM plays o WHERE o.s = plays.s AND o.a = plays.a AND o.b = plays.b AND o.rank <> plays.rank);

CREATE VIEW permits AS SELECT q.s, c.a, c.b, max(q.k = c.a) AS by_a, max(q.k = c.b) AS by_b FROM couple c
    JOIN cites q ON q.s = c.s AND q.field = 'permitted' AND (q.k = c.a AND q.of = c.b OR q.k = c.b AND q.of = c.a)
    GROUP BY q.s, c.a, c.b;
CREATE VIEW lifted AS SELECT p.s, p.a, p.b, p.rank FROM plays p JOIN row r ON r.rank = p.rank
    LEFT JOIN permits m ON m.s = p.s AND m.a = p.a AND m.b = p.b
    WHERE EXISTS (SELECT 1 FROM linked l WHERE l.s = p.s AND l.a = p.a AND l.b = p.b)
    OR EXISTS (SELECT 1 FROM agreed g WHERE g.s = p.s AND g.a = p.a AND g.b = p.b)
    OR NOT r.within AND EXISTS (SELECT 1 FROM one_unit o WHERE o.s = p.s AND o.a = p.a AND o.b = p.b)
    OR EXISTS (SELECT 1 FROM excuse e JOIN class c ON c.class = e.class AND c.s = p.s AND c.k IN (p.a, p.b)
        WHERE e.rank = p.rank)
    OR r.permit <> 'none' AND CASE WHEN r.permit = 'either' OR p.straight AND p.crossed
        THEN m.by_a OR m.by_b
        WHEN p.straight = (r.permit = 'a') THEN m.by_a ELSE m.by_b END;

CREATE VIEW k01_hit AS SELECT p.s, p.a, p.b, r.severity, t.start,
    t.sure IS NULL OR t.sure >= r.gap OR h.unproven AS uncertain
    FROM plays p JOIN row r ON r.rank = p.rank
    JOIN lies n ON n.s = p.s AND n.sort = 'act' AND n.k = p.a AND n.q = p.b
    JOIN clock t ON t.s = p.s AND t.a = p.a AND t.b = p.b
    JOIN height h ON h.s = p.s AND h.a = p.a AND h.b = p.b
    WHERE t.away < r.gap AND CASE WHEN r.touch THEN n.metres <= r.metres
        WHEN r.metres > 0 THEN n.metres < r.metres ELSE n.inside END
    AND NOT coalesce(h.gap > 0 AND h.gap >= r.vertical, 0)
    AND NOT EXISTS (SELECT 1 FROM lifted l WHERE l.s = p.s AND l.a = p.a AND l.b = p.b AND l.rank = p.rank);
CREATE VIEW k01_graded AS SELECT h.*, min(4, h.severity + (h.uncertain AND NOT EXISTS (SELECT 1 FROM class c
    JOIN protected p ON p.class = c.class WHERE c.s = h.s AND c.k IN (h.a, h.b)))) AS graded FROM k01_hit h;
CREATE TABLE k01(s INT, a INT, b INT, uncertain INT, severity INT, start INT, PRIMARY KEY(s, a, b));
INSERT INTO k01 SELECT s, a, b, uncertain, graded, start FROM (SELECT *, row_number() OVER
    (PARTITION BY s, a, b ORDER BY graded, uncertain, start) AS place FROM k01_graded) WHERE place = 1;

INSERT INTO finding SELECT s, 'incompatible-activities', NULL, a || ',' || b, uncertain, severity, start, NULL FROM k01;
