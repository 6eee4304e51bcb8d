"""Who somebody is and how to reach them: what stands above the first heading, and under “Contact”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from profiles.importers.headings import plain
from profiles.importers.lines import Line
from profiles.importers.periods import find_date
from profiles.importers.reading import Reading

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w/])\+?\(?\d[\d\s().-]{7,18}\d(?!\w)")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s|,;<>]+|\b(?:linkedin\.com|github\.com|gitlab\.com)/[^\s|,;<>]+", re.IGNORECASE
)
_NETWORKS = {"linkedin": "LinkedIn", "github": "GitHub", "gitlab": "GitLab", "twitter": "Twitter", "x.com": "X"}
_LABEL = re.compile(
    r"^(?:e-?mail|correo(?: electr[oó]nico)?|tel(?:[ée]fono)?|phone|mobile|m[oó]vil|cel(?:ular)?|address|direcci[oó]n|"
    r"domicilio|location|ubicaci[oó]n|residencia|linkedin|github|web(?:site)?|sitio web|portfolio|whatsapp|"
    r"name|nombre|ciudad|city|lugar de residencia)\s*[:.]\s*",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    ("de", "del", "la", "las", "los", "y", "e", "da", "dos", "van", "von", "di", "mc", "san", "santa")
)
_NO_NAME = frozenset(
    (
        *("curriculum", "vitae", "resume", "cv", "hoja", "vida", "profile", "perfil", "page", "pagina"),
        *("confidential", "contact", "contacto", "datos", "personales"),
    )
)
_COUNTRY_NAMES = {
    "MX": "mexico, mx, mex, estados unidos mexicanos",
    "US": "united states, united states of america, usa, us, u s, u s a, estados unidos, eua, ee uu, eeuu",
}
_REGION_NAMES = {
    "MX": (
        "aguascalientes, baja california, baja california sur, campeche, chiapas, chihuahua, ciudad de mexico, cdmx, "
        "coahuila, colima, durango, estado de mexico, edomex, guanajuato, guerrero, hidalgo, jalisco, michoacan, "
        "morelos, nayarit, nuevo leon, oaxaca, puebla, queretaro, quintana roo, san luis potosi, sinaloa, sonora, "
        "tabasco, tamaulipas, tlaxcala, veracruz, yucatan, zacatecas, jal, nl, gto, qro, edo mex, edo de mexico, pue, "
        "ver, yuc, son, chih, ags, slp, sin, d f, df"
    ),
    "US": (
        "alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, "
        "idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, "
        "minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, new york, "
        "north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island, south carolina, "
        "south dakota, tennessee, texas, utah, vermont, virginia, washington, west virginia, wisconsin, wyoming, al, "
        "ak, az, ar, ca, co, ct, de, fl, ga, hi, id, il, in, ia, ks, ky, la, me, md, ma, mi, mn, ms, mo, mt, ne, nv, "
        "nh, nj, nm, ny, nc, nd, oh, ok, or, pa, ri, sc, sd, tn, tx, ut, vt, va, wa, wv, wi, wy, dc"
    ),
}
_COUNTRIES = {name: code for code, names in _COUNTRY_NAMES.items() for name in names.split(", ")}
_REGIONS = {name: code for code, names in _REGION_NAMES.items() for name in names.split(", ")}
_MOST_LABEL = 160


def read_basics(top: Sequence[Line], contact: Sequence[Line], reading: Reading) -> list[Line]:
    """Write ``basics`` of the document from the lines above the first heading and those under “Contact”.

    Returns the lines of the top that are neither name, headline nor contact: they may be a summary without a heading.
    """
    basics: dict[str, Any] = {}
    left = [each for each in top if not _take_contact(each, basics, reading)]
    for each in contact:
        if not _take_contact(each, basics, reading) and not basics.get("name") and is_name(each.text):
            _set(basics, "name", _LABEL.sub("", each.text), each, reading)
    named = _name_line(left) if "name" not in basics else None
    if named is not None:
        _set(basics, "name", _tidy(_LABEL.sub("", named.text)), named, reading)
        left = left[left.index(named) + 1 :]
    if left and "name" in basics and is_label(left[0]):
        _set(basics, "label", left[0].text, left[0], reading)
        left = left[1:]
    if basics:
        reading.document["basics"] = basics
    return left


def _take_contact(line: Line, basics: dict[str, Any], reading: Reading) -> bool:
    """Take what a line says of contact; return whether nothing else is left of it."""
    rest = line.text
    if (found := EMAIL.search(rest)) and "email" not in basics:
        _set(basics, "email", found[0], line, reading)
    rest = EMAIL.sub(" ", rest)
    for found in _URL.finditer(rest):
        _take_url(found[0].rstrip(".)"), line, basics, reading)
    rest = _URL.sub(" ", rest)
    for found in _PHONE.finditer(rest):
        if 10 <= sum(sign.isdigit() for sign in found[0]) <= 15 and not find_date(found[0]) and "phone" not in basics:
            _set(basics, "phone", found[0].strip(), line, reading)
            rest = rest.replace(found[0], " ")
    pieces = [_LABEL.sub("", piece.strip(" .:-")) for piece in re.split(r"[|•·\t]| {3,}| [-–—] ", rest)]
    pieces = [piece for piece in pieces if piece and not _LABEL.match(piece + ":")]
    open_pieces = [piece for piece in pieces if not _take_place(piece, line, basics, reading)]
    took = rest != line.text or len(open_pieces) < len(pieces)
    return took and not any(len(plain(piece)) > 2 for piece in open_pieces)


def _take_url(url: str, line: Line, basics: dict[str, Any], reading: Reading) -> None:
    network = next((name for key, name in _NETWORKS.items() if key in url.lower()), "")
    if network:
        profiles = basics.setdefault("profiles", [])
        if all(each["url"] != url for each in profiles):
            reading.sources[f"/basics/profiles/{len(profiles)}"] = line.source
            profiles.append({"network": network, "url": url})
    elif "url" not in basics:
        _set(basics, "url", url, line, reading)


def _take_place(piece: str, line: Line, basics: dict[str, Any], reading: Reading) -> bool:
    place = read_place(piece)
    if place is None or "location" in basics:
        return False
    basics["location"] = place
    reading.sources["/basics/location"] = line.source
    return True


def read_place(text: str) -> dict[str, str] | None:
    """Return ``city, region, countryCode`` of a text such as ``Guadalajara, Jalisco, México``, or None if it is none.

    At least a state or a country of ours must be named; a lone abbreviation such as “IN” or “Son” tells nothing.
    """
    if len(text) > 100 or "\t" in text or re.search(r"\d{6,}", text):
        return None
    pieces = [
        piece.strip(" .") for piece in re.split(r"[,/]", re.sub(r"\b(?:C\.?P\.?\s*)?\d{5}(?:-\d{4})?\b", "", text))
    ]
    pieces = [piece for piece in pieces if piece]
    if not pieces or len(pieces) > 5:
        return None
    place: dict[str, str] = {}
    if country := _COUNTRIES.get(plain(pieces[-1])):
        place["countryCode"] = country
        pieces.pop()
    if pieces and (country := _REGIONS.get(plain(pieces[-1]))) and (len(pieces) > 1 or place):
        known = place.get("countryCode", country)
        place |= {"region": pieces.pop(), "countryCode": known}
    if not place or any(re.search(r"[.!?:;]$|\b(?:and|the|with|con)\b", piece) for piece in pieces):
        return None
    if pieces:
        place["city"] = pieces.pop()
    if pieces:
        place["address"] = ", ".join(pieces)
    return place


def is_name(text: str) -> bool:
    """Tell whether a text can be somebody's name: two to seven capitalized words of letters, none of them a title."""
    words = _LABEL.sub("", text).replace(",", " ").split()
    if not 2 <= len(words) <= 7 or len(text) > 80 or find_date(text):
        return False
    if any(plain(word) in _NO_NAME for word in words):
        return False
    capital = [word for word in words if plain(word) not in PARTICLES]
    return len(capital) >= 2 and all(
        word[:1].isupper() and all(sign.isalpha() or sign in ".'’-" for sign in word) for word in capital
    )


def is_label(line: Line) -> bool:
    """Tell whether a line under the name can be the headline: short, no sentence."""
    return (
        len(line.text) <= _MOST_LABEL
        and not line.bullet
        and not line.text.endswith(".")
        and len(line.text.split()) <= 16
    )


def _name_line(left: Sequence[Line]) -> Line | None:
    """Return the line of the name: the largest of the first ten that can be one, or else the first."""
    able = [each for each in left[:10] if is_name(each.text)]
    if not able:
        return None
    largest = max(each.size for each in able)
    return next(each for each in able if each.size == largest)


def _tidy(name: str) -> str:
    """Return a name in usual capitals where it is written in nothing else."""
    if not name.isupper():
        return name
    return " ".join(word.lower() if plain(word) in PARTICLES else word.title() for word in name.split())


def _set(basics: dict[str, Any], key: str, value: str, line: Line, reading: Reading) -> None:
    basics[key] = value.strip()
    reading.sources[f"/basics/{key}"] = line.source
