"""K05, K06, K07: somebody enters another's area uncoordinated, a prohibited zone, or a restricted one unpermitted.

Whoever enters an area is judged by what it occupies, whoever comes near a zone by its effect. Nobody needs a permission
to be protected: protected sites are never judged here. Source: reference deconfliction.md §2.3, §1.2 (FSCM).
"""

from collections.abc import Iterator

from coordinator.core.deconfliction.layers import Plot, area_severity, concerns, zone_severity
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.stays import Stay, Where, best, hits
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.verdicts.consent import agreements, left, listed, orders, speaks
from coordinator.core.deconfliction.ways import passage
from coordinator.core.deconfliction.windows import window
from coordinator.core.measures import Boundary, Zone
from schemas.directives import Agreement
from schemas.findings import Evidence, Option
from schemas.notices import ProtectedSite

# -- zones ------------------------------------------------------------------------------------------------------------


def zoned(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K06 and K07: the effect comes nearer to a zone than its standoff, or properly crosses a line, while it holds."""
    setting, read = scene.setting, of.reading
    if not setting.mission.zones or read is None or isinstance(read.body, ProtectedSite):
        return
    for plot in setting.layers.zones_near(read.boxes, scene.ledger):
        if meant(plot, of, setting):
            verdict = _in_zone(of, read, plot, scene)
            if verdict:
                yield verdict


def meant(plot: Plot[Zone], of: Side, setting: Setting) -> bool:
    """Say whether a zone is about an order at all, wherever and whenever that is."""
    classes = of.reading.classes if of.reading else frozenset[str]()
    return concerns(plot.measure.classes, classes) and not _exempt(plot, of, setting)


def _exempt(plot: Plot[Zone], of: Side, setting: Setting) -> bool:
    """Say whether a zone does not mean an order: by name and revision, or by the agreement that it follows."""
    version, source = of.version, plot.source
    if {version.item.name, *(i.name for i in version.sources)} <= {*plot.measure.exempt}:
        return True
    if source is None:
        return False
    other_day = source.envelope.reality != of.reality or source.issued >= of.until
    return other_day or (isinstance(source.body, Agreement) and listed(source.body.permitted, of, setting))


def _in_zone(of: Side, read: Reading, plot: Plot[Zone], scene: Scene) -> Verdict | None:
    zone, setting = plot.measure, scene.setting
    where = Where(plot.shape, zone.standoff_m, zone.touch, plot.band)
    found = list(hits(read.parts, where, lambda _: plot.spans))
    if not found:
        return None

    def signed(item: Item, _: Agreement) -> bool:
        return speaks(item.key[0], zone.authority, setting)

    stay = best(left(found, agreements(of, scene, signed, exact=zone.kind == "prohibited")))
    if stay is None:
        return None
    base, sure = zone_severity(zone, setting), zone.kind == "prohibited"
    return Verdict(
        "prohibited-zone" if zone.kind == "prohibited" else "restricted-zone", stay.certainty,
        base if sure else setting.severity(base, stay.certainty, read.classes), _zone_evidence(plot, stay, setting),
        (read.fields.what,), (stay.when,), plot.key, told=(zone.authority,) if zone.authority else (),
        notice_s=setting.notice_s(), offers=_zone_offers(zone, of), arbiter=zone.authority or None,
        since=plot.source.issued if plot.source else 0,
    )  # fmt: skip


def _zone_evidence(plot: Plot[Zone], stay: Stay, setting: Setting) -> Evidence:
    zone = plot.measure
    return Evidence(
        rule=zone.name,
        place=setting.place_at(stay.at) if stay.at else "",
        at=stay.at,
        overlap=window(stay.when),
        distance_m=stay.distance_m,
        required_m=zone.standoff_m,
        authority=zone.authority,
        basis=zone.basis,
        cites=(plot.source.name,) if plot.source else (),
        because=stay.because,
    )


def _zone_offers(zone: Zone, of: Side) -> tuple[Option, ...]:
    """Return who can settle it: never anybody below the zone's authority (§2.3 K06)."""
    if not zone.authority:
        return ()
    if zone.kind == "prohibited":
        return (Option(option="refer", party="", who=zone.authority),)
    return (Option(option="permission", party=of.key[1], who=zone.authority),)


# -- areas of responsibility ------------------------------------------------------------------------------------------


def entering(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K05: something of an order lies inside another's area of responsibility, and the owner has not agreed."""
    setting, read = scene.setting, of.reading
    if not setting.mission.boundaries or read is None or isinstance(read.body, ProtectedSite):
        return
    for plot in setting.layers.boundaries.near(read.boxes):
        if concerns(plot.measure.classes, read.classes) and not _at_home(plot.measure, of, setting):
            verdict = _entered(of, read, plot, scene)
            if verdict:
                yield verdict


def _at_home(area: Boundary, of: Side, setting: Setting) -> bool:
    """Say whether an area is a party's own, of somebody above or below it, or open to it."""
    who = (of.issuer, *of.version.performers)
    if any(setting.chain(area.owner, p) for p in who):
        return True
    return bool(area.open_to) and listed(area.open_to, of, setting)


def _entered(of: Side, read: Reading, plot: Plot[Boundary], scene: Scene) -> Verdict | None:
    area, setting = plot.measure, scene.setting
    parts = [bare(p, read.fields.reach_m) for p in read.parts]
    found = list(hits(parts, Where(plot.shape, touch=False), lambda _: plot.spans))
    if not found:
        return None

    def signed(item: Item, body: Agreement) -> bool:
        return _agrees(item.key[0], body, area.owner, of, setting)

    given = (*agreements(of, scene, signed), *orders(of, scene, area.owner))
    stay = best(left(found, given))
    if stay is None:
        return None
    severity = setting.severity(area_severity(area, read.classes, setting), stay.certainty, read.classes)
    return Verdict(
        "uncoordinated-entry", stay.certainty, severity, _entry_evidence(plot, stay, setting), (read.fields.what,),
        (stay.when,), area.name, told=(area.owner,), notice_s=setting.notice_s(),
        offers=(Option(option="coordinate", party=of.key[1], who=area.owner),),
        between=(area.owner,),
    )  # fmt: skip


def bare(part: Part, effect_m: float) -> Part:
    """Return a part without the effect that reaches beyond what it occupies."""
    shape = part.shape
    return part._replace(shape=shape._replace(reach_m=max(0.0, shape.reach_m - effect_m))) if effect_m else part


def _agrees(by: str, body: Agreement, owner: str, of: Side, setting: Setting) -> bool:
    """Say whether an agreement is the owner's word: its own, of somebody above it, or of a third party that lists both.

    What one side writes of the other binds nobody.
    """
    own = (of.issuer, *of.version.performers)
    if speaks(by, owner, setting):
        return True
    third = not any(setting.speaks_for(by, p) for p in own)
    return third and owner in body.parties and not set(own).isdisjoint(body.parties)


def _entry_evidence(plot: Plot[Boundary], stay: Stay, setting: Setting) -> Evidence:
    area, through = plot.measure, passage([h.part for h in sorted(stay.hits, key=lambda h: h.first)], plot.shape)
    return Evidence(
        rule=area.name,
        place=setting.place_at(stay.at) if stay.at else "",
        at=stay.at,
        overlap=window(stay.when),
        authority=area.owner,
        because=stay.because,
        entry=through.entry if through else None,
        exit=through.exit if through else None,
        inside_m=through.inside_m if through else None,
    )
