-- What lifts a rule between two orders. Source: design §4 (suppressors).

CREATE VIEW chain AS SELECT c.s, c.a, c.b FROM couple c JOIN live x ON x.s = c.s AND x.k = c.a
    JOIN live y ON y.s = c.s AND y.k = c.b WHERE EXISTS (SELECT 1 FROM above
    WHERE who = x.issuer AND superior = y.issuer OR who = y.issuer AND superior = x.issuer);
CREATE VIEW about AS SELECT p.s, p.k, p.by, c.a, c.b, x.issuer AS ia, y.issuer AS ib FROM pact p
    JOIN couple c ON c.s = p.s JOIN live x ON x.s = c.s AND x.k = c.a JOIN live y ON y.s = c.s AND y.k = c.b
    WHERE p.kind IN ('coordination', 'relief')
    AND EXISTS (SELECT 1 FROM pact_order o WHERE o.s = p.s AND o.k = p.k AND o.id = x.id)
    AND EXISTS (SELECT 1 FROM pact_order o WHERE o.s = p.s AND o.k = p.k AND o.id = y.id);
CREATE VIEW named AS SELECT q.s, q.a, q.b, q.k, sum(side = 1) > 0 AND sum(side = 2) > 0 AS both FROM
    (SELECT n.s, n.a, n.b, n.k, 1 AS side FROM about n JOIN pact_party t ON t.s = n.s AND t.k = n.k
    WHERE t.party = n.ia OR t.party IN (SELECT who FROM unit u WHERE u.s = n.s AND u.k = n.a)
    UNION ALL SELECT n.s, n.a, n.b, n.k, 2 FROM about n JOIN pact_party t ON t.s = n.s AND t.k = n.k
    WHERE t.party = n.ib OR t.party IN (SELECT who FROM unit u WHERE u.s = n.s AND u.k = n.b)) q
    GROUP BY q.s, q.a, q.b, q.k;
CREATE VIEW insider AS SELECT n.s, n.a, n.b, n.k, n.a AS side FROM about n
    WHERE n.by = n.ia OR n.by IN (SELECT who FROM unit u WHERE u.s = n.s AND u.k = n.a)
    UNION SELECT n.s, n.a, n.b, n.k, n.b FROM about n
    WHERE n.by = n.ib OR n.by IN (SELECT who FROM unit u WHERE u.s = n.s AND u.k = n.b);
CREATE VIEW consent AS
    SELECT c.s, c.a, c.b, c.a AS side FROM couple c JOIN cites q ON q.s = c.s AND q.k = c.a AND q.of = c.b
    WHERE q.field IN ('coordinated_with', 'relief')
    UNION SELECT c.s, c.a, c.b, c.b FROM couple c JOIN cites q ON q.s = c.s AND q.k = c.b AND q.of = c.a
    WHERE q.field IN ('coordinated_with', 'relief')
    UNION SELECT s, a, b, side FROM insider
    UNION SELECT n.s, n.a, n.b, e.side FROM about n JOIN (SELECT 1 AS first) JOIN
        (SELECT s, a AS side, a, b FROM couple UNION SELECT s, b, a, b FROM couple) e
        ON e.s = n.s AND e.a = n.a AND e.b = n.b
    WHERE EXISTS (SELECT 1 FROM above WHERE who = n.ia AND superior = n.by AND height > 0)
        AND EXISTS (SELECT 1 FROM above WHERE who = n.ib AND superior = n.by AND height > 0)
        OR EXISTS (SELECT 1 FROM named m WHERE m.s = n.s AND m.a = n.a AND m.b = n.b AND m.k = n.k AND m.both)
        AND NOT EXISTS (SELECT 1 FROM insider i WHERE i.s = n.s AND i.a = n.a AND i.b = n.b AND i.k = n.k);
CREATE VIEW agreed AS SELECT s, a, b FROM consent GROUP BY s, a, b HAVING count(DISTINCT side) = 2
    UNION SELECT h.s, h.a, h.b FROM chain h JOIN cites q ON q.s = h.s AND q.field = 'relief'
    AND (q.k = h.a AND q.of = h.b OR q.k = h.b AND q.of = h.a);
CREATE VIEW linked AS SELECT c.s, c.a, c.b FROM couple c JOIN cites q ON q.s = c.s
    AND q.field IN ('amends', 'supersedes')
    AND (q.k = c.a AND q.of = c.b OR q.k = c.b AND q.of = c.a);
CREATE VIEW shared AS SELECT DISTINCT c.s, c.a, c.b FROM couple c JOIN unit u ON u.s = c.s AND u.k = c.a
    JOIN unit v ON v.s = c.s AND v.k = c.b AND v.who = u.who;
CREATE VIEW one_unit AS SELECT s, a, b FROM shared INTERSECT SELECT s, a, b FROM chain;
