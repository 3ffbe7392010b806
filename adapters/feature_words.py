"""Which message a map feature becomes where it does not say so itself: by the words people put on maps.

Only places and movements are recognised by their words; an order never is. Compared without accents and case, in
English, French and Spanish; a plural is a word of its own.
Source: reference formats.md §3.3 (site kinds), §7.2, §7.3; OpenStreetMap `amenity` values.
"""

from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """A kind of message, and the field that the word fills."""

    kind: str
    field: str
    value: str


KEYS: Final = (  # properties that hold a category, in the order in which they are asked
    "category", "type", "class", "amenity", "feature_type", "featuretype", "site_type", "landuse", "military", "sym",
)  # fmt: skip

_SITES: Final = {
    "hospital": "hospital hospitals hopital hopitaux field_hospital clinic clinics clinique clinica health_centre "
    "health_center health_post health_facility centre_de_sante centro_de_salud",
    "school": "school schools ecole ecoles escuela escuelas university universite universidad kindergarten college",
    "water": "water_point water_points water_well water_source drinking_water point_d'eau punto_de_agua",
    "idp-site": "idp_site idp_camp idp_camps refugee_camp refugee_camps refugee_site camp_de_deplaces "
    "camp_de_refugies campo_de_refugiados",
    "un-base": "un_base un_compound un_camp",
    "warehouse": "warehouse warehouses entrepot almacen food_warehouse",
    "worship": "place_of_worship worship church churches mosque mosques temple temples eglise mosquee iglesia mezquita",
    "cultural": "cultural_property cultural_site heritage_site museum monument bien_culturel",
    "power": "power_station power_plant substation",
    "media": "radio_station tv_station",
    "humanitarian": "humanitarian_site protected_site distribution_point food_distribution ngo_office ngo_compound",
}
_HAZARDS: Final = {
    "mine": "mine mines minefield minefields mined_area suspected_hazardous_area confirmed_hazardous_area "
    "champ_de_mines campo_minado campo_de_minas",
    "uxo": "uxo erw unexploded_ordnance cluster_munition_strike",
    "range": "firing_range shooting_range danger_area champ_de_tir campo_de_tiro",
    "demolition": "demolition demolition_site demolition_area",
    "fire": "wildfire fire_area",
    "impact": "impact_area",
}
_MOVEMENTS: Final = {
    "patrol": "patrol patrols patrol_route patrol_plan patrouille itineraire_de_patrouille patrulla ruta_de_patrulla",
    "convoy": "convoy convoys convoy_route convoi",
    "humanitarian": "humanitarian_convoy humanitarian_movement convoi_humanitaire convoy_humanitario",
    "logistics": "logistics_convoy resupply supply_convoy ravitaillement",
    "recce": "recce reconnaissance reconocimiento",
    "flight": "flight flight_path flight_plan flight_route vol vuelo",
    "vessel": "vessel_route sea_route",
}


def _meanings() -> dict[str, Meaning]:
    tables = (
        ("protected-site", "site_kind", _SITES),
        ("hazard", "hazard_kind", _HAZARDS),
        ("movement", "movement_kind", _MOVEMENTS),
    )
    return {
        word.replace("_", " "): Meaning(kind, field, value)
        for kind, field, table in tables
        for value, listed in table.items()
        for word in listed.split()
    }


WORDS: Final = _meanings()

STYLE: Final = frozenset(  # simplestyle 1.1, and what map programs add to it
    {
        "marker-size", "marker-symbol", "marker-color", "stroke", "stroke-opacity", "stroke-width", "fill",
        "fill-opacity", "styleurl", "stylehash", "stylemaphash", "icon", "icon-scale", "icon-color", "color", "width",
        "umap_options", "label-scale", "label-color",
    }
)  # fmt: skip
