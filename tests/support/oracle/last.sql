-- What holds for findings of every kind. Source: reference deconfliction.md §2.2; design §4 (drafts).

-- A lead time shorter than the notice raises the severity by one.
CREATE VIEW lead AS SELECT f.rowid AS f, max(0, f.start - max(a.created)) AS lead FROM finding f
    JOIN act a ON a.s = f.s AND instr(',' || f.parties || ',', ',' || a.k || ',') WHERE f.start > -1152921504606846976
    GROUP BY f.rowid;
UPDATE finding SET severity = max(0, severity - 1) WHERE rowid IN
    (SELECT f FROM lead WHERE lead < (SELECT value FROM rule WHERE name = 'notice_s') * 1000000);

-- What is over was in conflict: worth knowing, no more (§5 (8)); what is wrong with an order itself stays so.
UPDATE finding SET severity = 4 WHERE rowid IN (SELECT f.rowid FROM finding f JOIN moment t ON t.s = f.s
    JOIN extent e ON e.s = f.s AND instr(',' || f.parties || ',', ',' || e.k || ',')
    WHERE f.kind <> 'undecidable' AND (f.kind <> 'stale-order' OR f.rule = 'acknowledged')
    GROUP BY f.rowid HAVING coalesce(
        (SELECT max(min(e.el), max(b.until)) FROM broken b WHERE f.kind = 'broken-dependency' AND b.s = f.s
            AND f.parties = min(b.k, b.of) || ',' || max(b.k, b.of) AND b.until IS NOT NULL),
        CASE WHEN max(e.se) < min(e.el) THEN min(e.el) ELSE max(e.el) END) <= t.now);

-- A draft is shown to its owner only, as information.
UPDATE finding SET severity = 4 WHERE rowid IN (SELECT f.rowid FROM finding f
    JOIN live a ON a.s = f.s AND a.draft AND instr(',' || f.parties || ',', ',' || a.k || ','));
