-- K04 route-capacity: vehicles heavier than a section carries, a section that is closed, opposite ways on one lane.

CREATE TABLE use(s INT, k INT, section TEXT, se INT, sl INT, ee INT, el INT, must INT, way INT);
INSERT INTO use SELECT l.s, l.k, c.name, u.se, u.sl, u.ee, u.el, p.name IN (c.place, c.name), NULL
    FROM lies l JOIN live a ON a.s = l.s AND a.k = l.k JOIN section c ON c.name = l.other
    JOIN heavy h ON h.s = l.s AND h.k = l.k AND h.moves
    JOIN part p ON p.s = l.s AND p.k = l.k JOIN usable u ON u.s = l.s AND u.k = l.k
    WHERE l.sort = 'section' AND l.metres <= 0 AND a.on_duty
    UNION ALL SELECT w.s, w.k, w.section, w.se, w.sl, w.ee, w.el, 1, w.way FROM crossing w
    JOIN live a ON a.s = w.s AND a.k = w.k JOIN heavy h ON h.s = w.s AND h.k = w.k AND h.moves WHERE a.on_duty;

INSERT INTO finding SELECT u.s, 'route-capacity', CASE WHEN r.closed THEN 'closed' ELSE 'load-class' END, u.k,
    NOT u.must, min(4, (SELECT value FROM rule WHERE name = 'capacity_severity') + (NOT u.must)), min(u.se), u.section
    FROM use u JOIN rated r ON r.s = u.s AND r.section = u.section JOIN heavy h ON h.s = u.s AND h.k = u.k
    WHERE r.closed OR h.class > r.class GROUP BY u.s, u.k, u.section;

-- What both verdicts on one pair would say stands in the place clash already (design §4: one finding per pair and cause).
CREATE VIEW k04_pair AS SELECT c.s, c.a, c.b, r.section, r.lanes = 1 AND u.way * v.way < 0 AS against,
    u.must AND v.must AND u.sl < u.ee AND v.sl < v.ee AND max(u.sl - v.ee, v.sl - u.ee) < r.headway AS sure,
    max(u.se, v.se) AS start
    FROM couple c JOIN use u ON u.s = c.s AND u.k = c.a JOIN use v ON v.s = c.s AND v.k = c.b AND v.section = u.section
    JOIN rated r ON r.s = c.s AND r.section = u.section
    WHERE u.way IS NOT NULL AND v.way IS NOT NULL AND (r.lanes = 1 AND u.way * v.way < 0 OR r.headway > 0)
    AND max(u.se - v.el, v.se - u.el) < r.headway AND u.se < u.el AND v.se < v.el
    AND NOT EXISTS (SELECT 1 FROM k01 k WHERE k.s = c.s AND k.a = c.a AND k.b = c.b);
INSERT INTO finding SELECT s, 'route-capacity', CASE WHEN against THEN 'direction' ELSE 'headway' END, a || ',' || b,
    NOT max(sure), min(4, (SELECT value FROM rule WHERE name = 'capacity_severity') + (NOT max(sure))), min(start),
    section FROM k04_pair GROUP BY s, a, b, section;
