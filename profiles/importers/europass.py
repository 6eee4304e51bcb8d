"""Europass in its three written forms: one door for all of them.

* the Candidate XML (namespace ``http://www.europass.eu/1.0``, HR Open Standards): what europass.europa.eu has written
  since 2020, mostly attached to a PDF;
* the SkillsPassport XML (Cedefop, to 2020) and the same as JSON.

CEFR levels by activity go into ``cefr`` of a language, a member of our own, which the schema of JSON Resume allows.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from profiles.importers import candidate, skills_passport
from profiles.importers.reading import Reading, Refused
from profiles.importers.safe_xml import local


def is_europass(data: Any) -> bool:
    """Tell whether a JSON value is Europass's."""
    return skills_passport.is_skills_passport(data)


def read_json(data: Any, reading: Reading) -> None:
    """Fill ``reading`` from a SkillsPassport in JSON."""
    skills_passport.read_json(data, reading)


def read_xml(root: Element, reading: Reading) -> None:
    """Fill ``reading`` from a document of either XML form. Raises Refused ``unknown_format`` for other XML."""
    name = local(root)
    if name in {"SkillsPassport", "LearnerInfo", "Europass"}:
        skills_passport.read_xml(root, reading)
    elif name == "Candidate":
        candidate.read(root, reading)
    else:
        raise Refused("unknown_format")
