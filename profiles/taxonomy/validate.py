"""What must hold of the taxonomy before anybody relies on it: one named rule per function."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from profiles.taxonomy.source import KINDS, LANGUAGES, Entry, Taxonomy
from profiles.taxonomy.text import normalize

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_CODE = 64
ONET_OCCUPATION = re.compile(r"\d\d-\d{4}\.\d\d")
# The class of software, 4323, of the UNSPSC commodities that O*NET files technologies under.
ONET_COMMODITY = re.compile(r"4323\d{4}")
ESCO_URI = re.compile(r"http://data\.europa\.eu/esco/skill/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Index = dict[str, Entry]


@dataclass(frozen=True)
class Defect:
    """One broken rule: its stable name, the code of the entry, and a sentence for whoever edits the files."""

    rule: str
    code: str
    detail: str


def validate(taxonomy: Taxonomy) -> list[Defect]:
    """Return every defect of ``taxonomy``, in the order of the rules; an empty list means that it is sound."""
    entries = taxonomy.by_code()
    return [defect for rule in RULES for defect in rule(entries)]


def codes_are_slugs(entries: Index) -> Iterator[Defect]:
    """Codes are lower-case words and digits joined by single hyphens, at most 64 characters."""
    for code in entries:
        if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
            yield Defect("malformed_code", code, f"{code!r} is not a slug of at most {LONGEST_CODE} characters")


def kinds_are_known(entries: Index) -> Iterator[Defect]:
    """Each entry is of one of the five kinds."""
    for entry in entries.values():
        if entry.kind not in KINDS:
            yield Defect("unknown_kind", entry.code, f"kind {entry.kind!r} is none of {', '.join(KINDS)}")


def both_languages_are_present(entries: Index) -> Iterator[Defect]:
    """Each entry has a name and at least one alias in English and in Spanish, and no alias in another language."""
    for entry in entries.values():
        for language, name in (("en", entry.name_en), ("es", entry.name_es)):
            if not normalize(name):
                yield Defect("missing_name", entry.code, f"no name in {language!r}")
            if not any(alias.language == language for alias in entry.aliases):
                yield Defect("missing_alias", entry.code, f"no alias in {language!r}")
        for alias in entry.aliases:
            if alias.language not in LANGUAGES:
                yield Defect("unknown_language", entry.code, f"alias {alias.name!r} is in {alias.language!r}")


def names_have_one_owner(entries: Index) -> Iterator[Defect]:
    """No name or alias, once normalized, belongs to two entries or is written twice for one."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        for name in entry.names:
            owners[normalize(name)].add(entry.code)
        seen: set[str] = set()
        for alias in entry.aliases:
            form = normalize(alias.name)
            if not form:
                yield Defect("empty_alias", entry.code, f"alias {alias.name!r} says nothing")
            elif form in seen:
                yield Defect("repeated_alias", entry.code, f"alias {alias.name!r} is there twice")
            seen.add(form)
    for form, codes in owners.items():
        if form and len(codes) > 1:
            listed = sorted(codes)
            yield Defect("shared_name", listed[0], f"{form!r} belongs to {', '.join(listed)}")


def links_lead_somewhere(entries: Index) -> Iterator[Defect]:
    """Broader skills and neighbors exist, are named once, and are not the entry itself."""
    for entry in entries.values():
        neighbors = tuple(neighbor.code for neighbor in entry.neighbors)
        for kind, targets in (("broader", entry.broader), ("neighbor", neighbors)):
            for target in targets:
                if target not in entries:
                    yield Defect(f"dangling_{kind}", entry.code, f"{target!r} does not exist")
                elif target == entry.code:
                    yield Defect(f"self_{kind}", entry.code, "an entry cannot be linked to itself")
            if len(set(targets)) != len(targets):
                yield Defect(f"repeated_{kind}", entry.code, f"a {kind} is named twice")


def nothing_is_isolated(entries: Index) -> Iterator[Defect]:
    """Each entry is linked to another one, by a broader skill, a narrower one or a neighbor."""
    linked: set[str] = set()
    for entry in entries.values():
        for target in (*entry.broader, *(neighbor.code for neighbor in entry.neighbors)):
            if target != entry.code:
                linked |= {entry.code, target}
    for code in entries:
        if code not in linked:
            yield Defect("isolated", code, "no broader or narrower skill and no neighbor")


def broader_has_no_cycle(entries: Index) -> Iterator[Defect]:
    """Following broader skills upward never comes back to the start."""
    finished: set[str] = set()
    for start in entries:
        path: list[str] = []
        # An explicit stack of (code, targets left): a long chain must not meet the recursion limit.
        stack = [(start, _targets(entries, start))] if start not in finished else []
        path.extend(code for code, _ in stack)
        while stack:
            code, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                finished.add(code)
                stack.pop()
                path.pop()
            elif target in path:
                cycle = [*path[path.index(target) :], target]
                if len(cycle) > 2:
                    yield Defect("cycle", target, " > ".join(cycle))
            elif target not in finished:
                stack.append((target, _targets(entries, target)))
                path.append(target)


def _targets(entries: Index, code: str) -> Iterator[str]:
    return iter(entries[code].broader if code in entries else ())


def weights_are_shares(entries: Index) -> Iterator[Defect]:
    """Neighbor weights lie between 0 and 1, both excluded: 0 is no neighbor, 1 would be the same skill."""
    for entry in entries.values():
        for neighbor in entry.neighbors:
            if not 0.0 < neighbor.weight < 1.0:
                yield Defect("weight_out_of_range", entry.code, f"{neighbor.code}: weight {neighbor.weight}")


def validity_belongs_to_certificates(entries: Index) -> Iterator[Defect]:
    """Only certificates expire, and after at least a month."""
    for entry in entries.values():
        if entry.validity_months is not None and (entry.kind != "certificate" or entry.validity_months < 1):
            yield Defect("misplaced_validity", entry.code, f"{entry.validity_months} months on a {entry.kind}")


def references_are_given(entries: Index) -> Iterator[Defect]:
    """Regulations carry a citation and certificates the body that issues them."""
    for entry in entries.values():
        if entry.kind in ("regulation", "certificate") and not entry.reference.strip():
            yield Defect("missing_reference", entry.code, f"a {entry.kind} needs a reference")


def outside_codes_are_well_formed(entries: Index) -> Iterator[Defect]:
    """O*NET codes name an occupation (15-1252.00) or a commodity (43232405), ESCO URIs a skill; both may be empty.

    Commodities are technologies: O*NET files products under them, not methods, domains or rules.
    """
    for entry in entries.values():
        if ONET_COMMODITY.fullmatch(entry.onet_code):
            if entry.kind != "technology":
                yield Defect("misplaced_onet_code", entry.code, f"{entry.onet_code} is a commodity, not a {entry.kind}")
        elif entry.onet_code and not ONET_OCCUPATION.fullmatch(entry.onet_code):
            yield Defect("malformed_onet_code", entry.code, f"{entry.onet_code!r} is no code of O*NET")
        if entry.esco_uri and not ESCO_URI.fullmatch(entry.esco_uri):
            yield Defect("malformed_esco_uri", entry.code, f"{entry.esco_uri!r} is no ESCO URI of a skill")


def concepts_have_one_owner(entries: Index) -> Iterator[Defect]:
    """No ESCO concept is that of two entries: it is only given where both mean exactly the same."""
    owners: dict[str, list[str]] = defaultdict(list)
    for entry in entries.values():
        if entry.esco_uri:
            owners[entry.esco_uri].append(entry.code)
    for uri, codes in owners.items():
        if len(codes) > 1:
            listed = sorted(codes)
            yield Defect("shared_esco_uri", listed[0], f"{uri} is given to {', '.join(listed)}")


RULES: tuple[Callable[[Index], Iterable[Defect]], ...] = (
    codes_are_slugs,
    kinds_are_known,
    both_languages_are_present,
    names_have_one_owner,
    links_lead_somewhere,
    nothing_is_isolated,
    broader_has_no_cycle,
    weights_are_shares,
    validity_belongs_to_certificates,
    references_are_given,
    outside_codes_are_well_formed,
    concepts_have_one_owner,
)
