"""Places as résumés name them: ``Guadalajara, Jalisco, México``, ``Austin, TX``, ``Greater Chicago Area``."""

from __future__ import annotations

import re

from profiles.importers.comparing import plain

_COUNTRY_NAMES = {
    "MX": "mexico, mx, mex, estados unidos mexicanos",
    "US": "united states, united states of america, usa, us, u s, u s a, estados unidos, eua, ee uu, eeuu, "
    "estados unidos de america",
    "AR": "argentina",
    "BR": "brazil, brasil",
    "CA": "canada",
    "CL": "chile",
    "CO": "colombia",
    "CR": "costa rica",
    "CU": "cuba",
    "DE": "germany, alemania, deutschland",
    "DO": "dominican republic, republica dominicana",
    "EC": "ecuador",
    "ES": "spain, espana",
    "FR": "france, francia",
    "GB": "united kingdom, reino unido, england, inglaterra, uk",
    "GT": "guatemala",
    "HN": "honduras",
    "IN": "india",
    "IT": "italy, italia",
    "NI": "nicaragua",
    "NL": "netherlands, paises bajos",
    "PA": "panama",
    "PE": "peru",
    "PR": "puerto rico",
    "PT": "portugal",
    "PY": "paraguay",
    "SV": "el salvador",
    "UY": "uruguay",
    "VE": "venezuela",
}
_REGION_NAMES = {
    "MX": (
        "aguascalientes, baja california, baja california sur, campeche, chiapas, chihuahua, ciudad de mexico, cdmx, "
        "coahuila, coahuila de zaragoza, colima, durango, estado de mexico, edomex, guanajuato, guerrero, hidalgo, "
        "jalisco, michoacan, michoacan de ocampo, mexico city, "
        "morelos, nayarit, nuevo leon, oaxaca, puebla, queretaro, quintana roo, san luis potosi, sinaloa, sonora, "
        "tabasco, tamaulipas, tlaxcala, veracruz, yucatan, zacatecas, jal, nl, n l, gto, qro, edo mex, edo de mexico, "
        "edo de mex, pue, ver, yuc, son, chih, ags, slp, s l p, sin, d f, df, b c, bc, b c s, bcs, q r, qroo, q roo, "
        "coah, dgo, tamps, mich, zac, nay, oax, tab, mor, hgo, tlax, camp, chis, gro"
    ),
    "US": (
        "alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, "
        "idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, "
        "minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, new york, "
        "north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island, south carolina, "
        "south dakota, tennessee, texas, utah, vermont, virginia, washington, west virginia, wisconsin, wyoming, al, "
        "ak, az, ar, ca, co, ct, de, fl, ga, hi, id, il, in, ia, ks, ky, la, me, md, ma, mi, mn, ms, mo, mt, ne, nv, "
        "nh, nj, nm, ny, nc, nd, oh, ok, or, pa, ri, sc, sd, tn, tx, ut, vt, va, wa, wv, wi, wy, dc, d c, "
        "district of columbia"
    ),
}
# Cities that are named without their state, as far as no other country of ours has one that is as well known.
_CITY_NAMES = {
    "MX": (
        "ciudad de mexico, cdmx, mexico city, guadalajara, zapopan, tlaquepaque, monterrey, san pedro garza garcia, "
        "apodaca, "
        "san nicolas de los garza, queretaro, santiago de queretaro, puebla, merida, tijuana, mexicali, ensenada, "
        "chihuahua, ciudad juarez, hermosillo, ciudad obregon, nogales, toluca, metepec, san luis potosi, "
        "aguascalientes, saltillo, torreon, culiacan, mazatlan, los mochis, reynosa, matamoros, nuevo laredo, tampico, "
        "ciudad victoria, cancun, playa del carmen, chetumal, morelia, xalapa, boca del rio, coatzacoalcos, "
        "villahermosa, tuxtla gutierrez, oaxaca de juarez, cuernavaca, pachuca, tepic, zacatecas, colima, durango, "
        "irapuato, celaya, acapulco, naucalpan, tlalnepantla, ecatepec, cuautitlan izcalli, atizapan, "
        "tlaxcala, campeche, puerto vallarta, la paz"
    ),
    "US": (
        "new york city, new york, nyc, chicago, dallas, fort worth, houston, austin, san antonio, el paso, atlanta, "
        "miami, boston, hartford, phoenix, denver, los angeles, san francisco, san jose, san diego, sacramento, "
        "seattle, charlotte, minneapolis, detroit, philadelphia, pittsburgh, baltimore, washington d c, washington dc, "
        "salt lake city, las vegas, kansas city, st louis, nashville, orlando, tampa, jacksonville, indianapolis, "
        "cincinnati, cleveland, milwaukee, raleigh, oakland, jersey city, omaha"
    ),
}
_COUNTRIES = {name: code for code, names in _COUNTRY_NAMES.items() for name in names.split(", ")}
_REGIONS = {name: code for code, names in _REGION_NAMES.items() for name in names.split(", ")}
_CITIES = {name: code for code, names in _CITY_NAMES.items() for name in names.split(", ")}
_MEXICO_CITY = frozenset(("ciudad de mexico", "cdmx", "mexico city", "d f", "df"))
_AREA = re.compile(
    r"^(?:greater|[aá]rea (?:metropolitana )?de(?: la)?|zona metropolitana de(?: la)?|alrededores de)\s+|"
    r"\s*(?:\(?[aá]rea\)?|(?:city )?metropolitan area|metro(?:politan)? area|metroplex|bay area|y alrededores|area|"
    r"metropolitan region)$",
    re.IGNORECASE,
)
# What stands where a place would.
REMOTE = re.compile(
    r"(?:100\s*%\s*)?(?:remote|remoto|remota|hybrid|h[ií]brid[oa]|on-?site|presencial|home office|teletrabajo|"
    r"trabajo remoto|work from home)(?:\s*\(.{1,30}\))?",
    re.IGNORECASE,
)


def read_place(text: str) -> dict[str, str] | None:
    """Return ``address, city, region, countryCode`` of a text such as ``Guadalajara, Jalisco, México``, or None.

    At least a state or a country must be named; a lone abbreviation such as “IN” or “Son” tells nothing.
    """
    if len(text) > 100 or re.search(r"[\t(|•·]|\d{6,}|\s[-–—]\s", text):
        return None
    pieces = [
        piece.strip(" .") for piece in re.split(r"[,/]", re.sub(r"\b(?:C\.?P\.?\s*)?\d{5}(?:-\d{4})?\b", "", text))
    ]
    pieces = [piece for piece in pieces if piece]
    if not pieces or len(pieces) > 6:
        return None
    place: dict[str, str] = {}
    if country := _COUNTRIES.get(plain(pieces[-1])):
        place["countryCode"] = country
        pieces.pop()
    known = place.get("countryCode")
    if pieces and (country := _REGIONS.get(plain(pieces[-1]))) and (len(pieces) > 1 or place):
        if known in {None, country}:
            place |= {"region": pieces.pop(), "countryCode": country}
        elif len(pieces) > 1 and known not in _REGION_NAMES:
            place["region"] = pieces.pop()
    if not place or any(re.search(r"[.!?:;]$|\b(?:and|the|with|con)\b", piece) for piece in pieces):
        return None
    if "region" in place and plain(place["region"]) in _MEXICO_CITY:
        place["city"] = place["region"]  # a federal entity and a city in one; what stands before is a part of it
        pieces = [piece for piece in pieces if plain(piece) != "mexico"]
    elif pieces:
        if len(pieces) > 1 and known and "region" not in place and known not in _REGION_NAMES:
            place["region"] = pieces.pop()
        city = pieces.pop()
        place["city"] = _AREA.sub("", _AREA.sub("", city)).strip(" ,") or city
    elif known and _CITIES.get(plain(place.get("region", ""))) == known:  # “Puebla, México” names the city
        place["city"] = place["region"]
    if pieces:
        place["address"] = ", ".join(pieces)
    return place


def read_city(text: str) -> dict[str, str] | None:
    """Return the place of a well-known city or the area around it, named without its state, or None."""
    if len(text) > 60 or re.search(r"[\t\d(@]", text):
        return None
    rest, country = text.strip(" ."), ""
    if "," in rest and (found := _COUNTRIES.get(plain(rest.rpartition(",")[2]))):
        rest, country = rest.rpartition(",")[0], found
    name = _AREA.sub("", _AREA.sub("", rest)).strip(" ,")
    for candidate in (name, name.split("-")[0].strip() if name != rest else ""):
        code = _CITIES.get(plain(candidate))
        if code and country in {"", code}:
            return {"city": candidate, "countryCode": code}
    return None


def without_place(text: str) -> tuple[str, str]:
    """Return a text without the place at its end, and that place: ``Leidos, Reston, VA`` is two things.

    What is left is never empty; both are as written.
    """
    if (bracketed := re.search(r"\s*\(([^()]+)\)$", text)) and is_region(bracketed[1]):
        text = f"{text[: bracketed.start()]}, {bracketed[1]}"
    if bracketed and REMOTE.fullmatch(bracketed[1]) and bracketed.start():
        return text[: bracketed.start()], bracketed[1]
    pieces = text.split(", ")
    for kept in range(max(1, len(pieces) - 3), len(pieces)):
        place = ", ".join(pieces[kept:])
        found = bool(read_place(place) if len(pieces) - kept > 1 else read_city(place) or _region_alone(place))
        if (found or REMOTE.fullmatch(place)) and not re.search(r"\d", place):
            return ", ".join(pieces[:kept]), place
    return text, ""


def is_place(text: str) -> bool:
    """Tell whether a text is a place, or what stands where one would (“Remote”), and nothing else."""
    return read_place(text) is not None or read_city(text) is not None or bool(REMOTE.fullmatch(text))


def is_region(text: str) -> bool:
    """Tell whether a text is the name of a state or a country, or the abbreviation of a state."""
    return plain(text) in _REGIONS or plain(text) in _COUNTRIES


def _region_alone(text: str) -> dict[str, str] | None:
    name = plain(text)
    code = _COUNTRIES.get(name) or (_REGIONS.get(name) if len(name) > 4 else None)
    return {"countryCode": code} if code else None
