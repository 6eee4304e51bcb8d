"""Who somebody is and how to reach them: what stands above the first heading, and under “Contact”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any

from profiles.importers.comparing import plain
from profiles.importers.lines import Line
from profiles.importers.occupations import is_title
from profiles.importers.periods import find_date
from profiles.importers.places import read_city, read_place
from profiles.importers.reading import Reading

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
# A ZIP code behind its state is no part of the number that follows.
_PHONE = re.compile(r"(?<![\w/])(?<!\b[A-Z]{2} )\+?\(?\d[\d\s().-]{7,18}\d(?!\w)")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s|,;<>]+|\b(?:linkedin\.com|github\.com|gitlab\.com)/[^\s|,;<>]+", re.IGNORECASE
)
_NETWORKS = {"linkedin": "LinkedIn", "github": "GitHub", "gitlab": "GitLab", "twitter": "Twitter", "x.com": "X"}
_LABEL = re.compile(
    r"^(?:[aptemcd](?=:)|e-?mail|correo(?: electr[oó]nico)?|tel(?:[ée]fono)?|phone|mobile|m[oó]vil|"
    r"cel(?:ular)?|address|direcci[oó]n|domicilio|location|ubicaci[oó]n|"
    r"residencia|linkedin|github|web(?:site)?|sitio web|portfolio|whatsapp|"
    r"name|full name|nombre(?: completo)?|ciudad|city|lugar de residencia)\s*[:.\t]\s*",
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
_DOCUMENT = re.compile(r"(?:curriculum(?: vitae)?|cv|c v|resume|hoja de vida|datos personales|confidential)")
_MOST_LABEL = 160
_LONGEST_CONTACT = 240
_SIGNS = re.compile(r"[|•·\t]| {3,}| [-–—/] |—")
_ON_CONTACT_LINE = re.compile(r"@|\d{3}[\s.-]\d|[|•·\t]")
_HONORIFIC = re.compile(
    r"^(?:(?:Lic|Licda|Ing|Mtro|Mtra|Mtr|Dr|Dra|Arq|Act|Psic|Prof|Mr|Mrs|Ms|Sr|Sra|Srta|L\.?I|M\.?C|M\.?I|M\. en C|"
    r"C\.?P)\.\s*|"
    r"(?:Ing|Lic|Mtro|Mtra|Dr|Dra)\s+)+",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(
    r"(?:\s*[,(]\s*|\s+)(?:(?:PMP|MBA|CISSP|CISM|CISA|CAMS|CPA|PhD|Ph\.D\.|MSc|M\.Sc\.|CSM|PSM|ITIL|CFA|FRM|CDMP|"
    r"Esq\.?|P\.?E\.?|M\.S\.|B\.S\.|CCNA|CCNP|OSCP)[,\s)]*)+$"
)
# Letters behind a name that no list holds: two capitals or a dot in each, as in “SHRM-SCP”, “MCyT”, “D.Sc.”.
_LETTERS_BEHIND = re.compile(
    r"\s*,(?:[\s,]*(?!(?:Jr|Sr|I{2,3}|IV)\b)(?:[A-Z][a-z]{0,3}[A-Z.][A-Za-z.+-]{0,7}|[A-Z]{2,3}-[A-Z]{2,3})®?(?=[\s,]|$))+$"
)
_DOTTED_BEHIND = re.compile(r"\s*,(?:[\s,]*[A-Z]{1,2}\.[A-Z]{1,2}\.?(?=[\s,]|$))+$")
_TITLED = re.compile(
    r"(?:puesto(?: (?:actual|deseado|solicitado))?|profesi[oó]n|ocupaci[oó]n|cargo|title|current position|occupation|"
    r"position)"
    r"\s*[:\t]\s*(?P<label>.{3,160})",
    re.IGNORECASE,
)
_ENDS_SHORTENED = re.compile(r"\b(?:Jr|Sr|Ssr|Inc|S\.A|C\.V|TI|Tec|Esp)\.$")


def read_basics(top: Sequence[Line], contact: Sequence[Line], reading: Reading) -> list[Line]:
    """Write ``basics`` of the document from the lines above the first heading and those under “Contact”.

    Returns the lines of the top that are neither name, headline nor contact: they may be a summary without a heading.
    """
    basics: dict[str, Any] = {}
    left: list[Line] = []
    for each in [*top, *contact]:
        if (said := _TITLED.match(each.text)) and "label" not in basics:
            _set(basics, "label", said["label"], each, reading)
    top = [each for each in top if not _TITLED.match(each.text)]
    for each in top:
        # Sentences are no address, whatever they mention.
        rest = each.text if len(each.text) > _LONGEST_CONTACT else _take_contact(each, basics, reading)
        if rest:
            left.append(replace(each, text=rest) if _ON_CONTACT_LINE.search(each.text) else each)
    for each in contact:
        rest = _take_contact(each, basics, reading)
        if rest and "name" not in basics and not any(is_name(line.text) for line in left[:4]) and is_name(rest):
            _set(basics, "name", tidy_name(_LABEL.sub("", rest)), each, reading)
    named = _name_line(left) if "name" not in basics else None
    if named is not None:
        _set(basics, "name", tidy_name(_LABEL.sub("", named.text)), named, reading)
        at = next(at for at, each in enumerate(left) if each.number == named.number and each.page == named.page)
        left = left[at + 1 + (named.text != left[at].text and named.text.startswith(left[at].text)) :]
        left = _rest_of_name_line(named, left)
    if left and "name" in basics and "label" not in basics and is_label(left[0]):
        _set(basics, "label", left[0].text.strip(" |·•-–—"), left[0], reading)
        left = left[1:]
    if basics:
        reading.document["basics"] = basics
    return left


def is_contact(text: str) -> bool:
    """Tell whether a text holds an address or a number to reach somebody at."""
    return bool(EMAIL.search(text) or _PHONE.search(text))


def _rest_of_name_line(named: Line, left: list[Line]) -> list[Line]:
    """Return what follows the name, what stood beside it on its own line first."""
    pieces = [piece.strip() for piece in _SIGNS.split(named.text)]
    if len(pieces) > 1 and is_name(pieces[0]):
        return [replace(named, text=" | ".join(piece for piece in pieces[1:] if piece)), *left]
    return left


def _take_contact(line: Line, basics: dict[str, Any], reading: Reading) -> str:
    """Take what a line says of contact; return what else it says."""
    rest = line.text
    if (found := EMAIL.search(rest)) and "email" not in basics:
        _set(basics, "email", found[0], line, reading)
    rest = EMAIL.sub(" ", rest)
    for found in _URL.finditer(rest):
        _take_url(found[0].rstrip(".)"), line, basics, reading)
    rest = _URL.sub(" ", rest)
    for found in _PHONE.finditer(rest):
        if 10 <= sum(sign.isdigit() for sign in found[0]) <= 15 and not find_date(found[0]):
            if "phone" not in basics:
                _set(basics, "phone", found[0].strip(), line, reading)
            rest = rest.replace(found[0], " ")
    pieces = [_LABEL.sub("", piece.strip(" .:-–—,;()[]")) for piece in _SIGNS.split(rest)]
    pieces = [piece for piece in pieces if piece and not _LABEL.match(piece + ":")]
    open_pieces = [piece for piece in pieces if not _take_place(piece, line, basics, reading)]
    took = rest != line.text or len(open_pieces) < len(pieces)
    if not took:
        return line.text
    return " | ".join(piece for piece in open_pieces if len(plain(piece)) > 2)


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
    if "location" in basics:
        return bool(read_place(piece) == basics["location"])
    place = read_place(piece) or read_city(piece)
    if place is None:
        return False
    basics["location"] = place
    reading.sources["/basics/location"] = line.source
    return True


def is_name(text: str) -> bool:
    """Tell whether a text can be somebody's name: two to seven capitalized words of letters, none of them a title."""
    words = _bare(_SIGNS.split(_LABEL.sub("", text))[0]).replace(",", " ").split()
    if not 2 <= len(words) <= 7 or len(text) > 80 + 40 * (len(_SIGNS.split(text)) > 1) or find_date(text):
        return False
    if any(plain(word) in _NO_NAME for word in words) or is_title(" ".join(words)):
        return False
    capital = [word for word in words if plain(word) not in PARTICLES]
    return len(capital) >= 2 and all(
        word[:1].isupper() and all(sign.isalpha() or sign in ".'’-" for sign in word) for word in capital
    )


def _bare(name: str) -> str:
    """Return a name without what is put before and behind it: ``Ing. Ana López, PMP``."""
    name = _CREDENTIALS.sub("", _HONORIFIC.sub("", name.strip())).strip(" ,")
    before = _DOTTED_BEHIND.sub("", _LETTERS_BEHIND.sub("", name) if not name.isupper() else name)
    # “LÓPEZ RUIZ, ANA” is all in capitals: there they tell nothing.
    return before.strip(" ,") if len(before.split()) > 1 else name


def is_label(line: Line) -> bool:
    """Tell whether a line under the name can be the headline: short, no sentence."""
    return (
        len(line.text) <= _MOST_LABEL
        and not line.bullet
        and not _DOCUMENT.fullmatch(plain(line.text))
        and (not line.text.endswith(".") or bool(_ENDS_SHORTENED.search(line.text)))
        and len(line.text.split()) <= 16
    )


def _name_line(left: Sequence[Line]) -> Line | None:
    """Return the line of the name: the largest of the first ten that can be one, or else the first.

    A name in large letters may be broken into two lines.
    """
    able = [each for each in left[:10] if is_name(each.text)]
    usual = min((each.size for each in left), default=0.0)
    for first, second in pairwise(left[:6]):
        joined = f"{first.text} {second.text}"
        same = first.size == second.size > usual and max((each.size for each in able), default=0.0) <= first.size
        if same and first not in able and second not in able and is_name(joined):
            return replace(first, text=joined)
    if not able:
        return None
    largest = max(each.size for each in able)
    return next(each for each in able if each.size == largest)


def largest_name(lines: Sequence[Line]) -> Line | None:
    """Return a name in the largest letters of the first page, wherever it stands, or None when none stands out."""
    page = [each for each in lines if each.page <= 1]
    largest = max((each.size for each in page), default=0.0)
    usual = median(each.size for each in page) if page else 0.0
    return next((each for each in page if each.size == largest > usual and is_name(each.text)), None)


def tidy_name(name: str) -> str:
    """Return a name without titles before and behind it, in usual capitals where it is written in nothing else."""
    name = _bare(_SIGNS.split(name)[0])
    if not name.isupper():
        return name
    return " ".join(word.lower() if plain(word) in PARTICLES else word.title() for word in name.split())


def _set(basics: dict[str, Any], key: str, value: str, line: Line, reading: Reading) -> None:
    basics[key] = value.strip()
    reading.sources[f"/basics/{key}"] = line.source
