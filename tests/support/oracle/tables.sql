-- The tables of the second oracle: a mission and many small cases as plain rows, nothing decided yet.
-- A case (s) is a few messages and a time; an act (k) is one of them. Times are microseconds; an open side is -2^60 or 2^60.

CREATE TABLE moment(s INTEGER PRIMARY KEY, now INT);
CREATE TABLE act(s INT, k INT, id TEXT, issuer TEXT, revision INT, kind TEXT, created INT, reality TEXT, word TEXT,
    exclusive INT, armed INT, draft INT, on_duty INT, always INT, partial INT, cited INT, method TEXT,
    floor REAL, floor_in TEXT, ceiling REAL, ceiling_in TEXT, band INT, PRIMARY KEY(s, k));
CREATE TABLE slot(s INT, k INT, w INT, se INT, sl INT, ee INT, el INT, fault TEXT);
CREATE TABLE performs(s INT, k INT, unit TEXT, named TEXT, i INT);
CREATE TABLE link(s INT, k INT, field TEXT, id TEXT, revision INT);
CREATE TABLE part(s INT, k INT, p INT, name TEXT, fault TEXT, reach REAL);
CREATE TABLE carries(s INT, k INT, type TEXT, class INT);
CREATE TABLE wants(s INT, k INT, i INT, asset TEXT, amount REAL);
CREATE TABLE radio(s INT, k INT, hz INT);
CREATE TABLE needs(s INT, k INT, id TEXT, relation TEXT, offset INT);
CREATE TABLE gone(s INT, id TEXT, issuer TEXT, created INT);
CREATE TABLE answer(s INT, by TEXT, id TEXT, revision INT, step TEXT, created INT);
CREATE TABLE rating(s INT, section TEXT, created INT, class INT, lanes INT, closed INT, headway INT);
CREATE TABLE pact(s INT, k INT, by TEXT, kind TEXT, reality TEXT);
CREATE TABLE pact_permit(s INT, k INT, word TEXT);
CREATE TABLE pact_party(s INT, k INT, party TEXT);
CREATE TABLE pact_order(s INT, k INT, id TEXT, revision INT);
CREATE TABLE pact_slot(s INT, k INT, se INT, sl INT, ee INT, el INT);
CREATE TABLE caveat(s INT, k INT, id TEXT, revision INT, by TEXT, reality TEXT, named INT, empty INT, placed INT,
    lost INT);
CREATE TABLE caveat_unit(s INT, c INT, who TEXT, part TEXT);
CREATE TABLE caveat_action(s INT, c INT, action TEXT);
CREATE TABLE caveat_method(s INT, c INT, method TEXT);
CREATE TABLE caveat_slot(s INT, c INT, se INT, sl INT, ee INT, el INT);
CREATE TABLE crossing(s INT, k INT, section TEXT, way INT, se INT, sl INT, ee INT, el INT);
CREATE TABLE lies(s INT, k INT, p INT, sort TEXT, other TEXT, q INT, metres REAL, inside INT,
    held INT, differ REAL);
CREATE INDEX lies_by ON lies(s, sort, k, other);
CREATE INDEX slot_by ON slot(s, k);
CREATE INDEX link_by ON link(s, k);

CREATE TABLE activity(class TEXT, kind TEXT, word TEXT, exclusive INT, armed INT);
CREATE TABLE row(rank INT, name TEXT, a TEXT, b TEXT, severity INT, metres REAL, gap INT, vertical REAL, touch INT,
    permit TEXT, within INT);
CREATE TABLE excuse(rank INT, class TEXT);
CREATE TABLE protected(class TEXT);
CREATE TABLE above(who TEXT, superior TEXT, height INT);
CREATE TABLE unit_name(name TEXT, participant TEXT);
CREATE TABLE vehicle(name TEXT, class INT);
CREATE TABLE section(name TEXT, place TEXT, class INT, lanes INT, headway INT);
CREATE TABLE whole(name TEXT);
CREATE TABLE contingent(who TEXT);
CREATE TABLE stays(action TEXT);
CREATE TABLE contradiction(a TEXT, b TEXT, severity INT, elsewhere INT);
CREATE TABLE precedence(over TEXT, under TEXT);
CREATE TABLE relation(n INT, unit TEXT, superior TEXT, tasks INT);
CREATE TABLE relation_action(n INT, action TEXT);
CREATE TABLE relation_period(n INT, start INT, end INT);
CREATE TABLE edge(unit TEXT, superior TEXT, action TEXT, start INT, end INT);
CREATE TABLE clause(name TEXT, action TEXT, placed INT, cites INT, start INT, end INT);
CREATE TABLE asset(n INT, name TEXT, capacity INT, turnaround INT, severity INT);
CREATE TABLE asset_name(name TEXT, n INT);
CREATE TABLE radio_band(n INT, name TEXT, lower INT, upper INT, apart INT, metres REAL, severity INT);
CREATE TABLE guarded(n INT, name TEXT, kind TEXT, hz INT, apart INT);
CREATE TABLE guarded_holder(n INT, who TEXT);
CREATE TABLE speed(method TEXT, min_mps REAL, max_mps REAL);
CREATE TABLE desk(who TEXT, superior TEXT);
CREATE TABLE compatriot(of TEXT, who TEXT);
CREATE TABLE movement_is(movement TEXT, action TEXT);
CREATE TABLE zone(n INT, name TEXT, kind TEXT, severity INT, standoff REAL, touch INT, floor REAL, ceiling REAL,
    datum TEXT, authority TEXT, agreement TEXT);
CREATE TABLE zone_class(n INT, class TEXT);
CREATE TABLE zone_period(n INT, start INT, end INT);
CREATE TABLE zone_exempt(n INT, name TEXT);
CREATE TABLE boundary(n INT, name TEXT, owner TEXT);
CREATE TABLE boundary_class(n INT, class TEXT);
CREATE TABLE boundary_period(n INT, start INT, end INT);
CREATE TABLE boundary_open(n INT, who TEXT);
CREATE TABLE boundary_severity(n INT, class TEXT, severity INT);
CREATE TABLE rule(name TEXT PRIMARY KEY, value REAL);
CREATE TABLE standard(kind TEXT PRIMARY KEY, severity INT);

CREATE TABLE finding(s INT, kind TEXT, rule TEXT, parties TEXT, uncertain INT, severity INT, start INT, key TEXT);
-- uncertain: 0 definite, 1 possible, 2 unknown; severity: 0 CRITICAL to 4 INFO; parties: places of acts, "k" or "k,l"
