"""The headings of résumés in English and Spanish, and the parts of a document that they open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from profiles.importers.lines import Line

# What people write over each part; compared without accents, case, signs and numbers.
_HEADINGS = {
    "contact": "contact, contact information, contact details, personal information, personal details, personal data, "
    "contacto, contactar, datos de contacto, informacion de contacto, datos personales, informacion personal",
    "summary": "summary, professional summary, executive summary, career summary, profile, professional profile, "
    "about, about me, objective, career objective, professional objective, overview, highlights of qualifications, "
    "resumen, resumen profesional, resumen ejecutivo, perfil, perfil profesional, perfil ejecutivo, extracto, "
    "acerca de mi, "
    "acerca de, sobre mi, objetivo, objetivo profesional, semblanza",
    "work": "experience, work experience, professional experience, employment history, employment, work history, "
    "career history, relevant experience, job history, professional background, experiencia, experiencia laboral, "
    "experiencia profesional, historial laboral, trayectoria, trayectoria profesional, trayectoria laboral, "
    "antecedentes laborales, empleos, experiencia de trabajo, historial profesional",
    "education": "education, academic background, academic education, education and training, academic history, "
    "studies, educacion, formacion, formacion academica, estudios, escolaridad, preparacion academica, "
    "historial academico, educacion y formacion, datos academicos, antecedentes academicos",
    "skills": "skills, technical skills, top skills, core skills, key skills, skills and technologies, technologies, "
    "core competencies, competencies, technical competencies, areas of expertise, expertise, tools, "
    "tools and technologies, technical expertise, technical proficiencies, skills summary, hard skills, soft skills, "
    "digital skills, habilidades, habilidades tecnicas, aptitudes, aptitudes principales, principales aptitudes, "
    "competencias, competencias tecnicas, conocimientos, conocimientos tecnicos, tecnologias, herramientas, destrezas, "
    "habilidades y conocimientos, conocimientos y habilidades, areas de especialidad, habilidades clave, "
    "habilidades blandas, competencias clave, stack tecnologico, informatica, computacion, "
    "habilidades y competencias, tecnologias y herramientas, herramientas y tecnologias, competencias digitales",
    "languages": "languages, language skills, idiomas, lenguas, competencias linguisticas, idiomas y niveles",
    "certificates": "certifications, certificates, licenses and certifications, licenses certifications, "
    "professional certifications, certifications and licenses, certifications and training, certificaciones, "
    "certificados, licencias y certificaciones, certificaciones profesionales, certificaciones y cursos, "
    "cursos y certificaciones, diplomados y certificaciones",
    "courses": "courses, training, professional development, continuing education, cursos, capacitacion, diplomados, "
    "cursos y talleres, formacion complementaria, cursos y diplomados, talleres, educacion continua",
    "projects": "projects, personal projects, key projects, selected projects, relevant projects, proyectos, "
    "proyectos personales, proyectos relevantes, proyectos destacados",
    "volunteer": "volunteer, volunteering, volunteer experience, volunteer work, community service, voluntariado, "
    "experiencia de voluntariado, trabajo voluntario, servicio comunitario, labor social",
    "awards": "awards, honors, honors and awards, honors awards, awards and honors, achievements, recognition, "
    "premios, reconocimientos, premios y reconocimientos, logros, distinciones, honores y premios, honores",
    "publications": "publications, papers, articles, publicaciones, articulos, publicaciones y conferencias",
    "interests": "interests, hobbies, hobbies and interests, personal interests, intereses, pasatiempos, aficiones, "
    "intereses personales",
    "references": "references, referees, referencias, referencias personales, referencias laborales, "
    "referencias profesionales",
}
_SECTIONS = {name.strip(): section for section, names in _HEADINGS.items() for name in names.split(",")}
_MOST_WORDS = 6
_SPACED_LETTERS = re.compile(r"(?:[^\W\d_] ){3,}[^\W\d_]")


@dataclass
class Part:
    """The lines under one heading; ``section`` is empty for those before the first and for headings unknown to us."""

    section: str
    heading: Line | None = None
    lines: list[Line] = field(default_factory=list)


def plain(text: str) -> str:
    """Return a text to compare by: lower case, no accents, letters and single spaces only, ``and``/``y`` for ``&``."""
    decomposed = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    letters = "".join(sign if sign.isalpha() else " " for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(letters.split())


def section_of(text: str) -> str:
    """Return the section that a heading opens, or empty; ``EXPERIENCIA  LABORAL:`` and ``S K I L L S`` are known."""
    if len(text) > 60:
        return ""
    if _SPACED_LETTERS.search(text):
        text = re.sub(r"(?<=\S) (?=\S(?:\s|$))", "", text.replace("  ", " \u2003"))
    compared = plain(text)
    found = _SECTIONS.get(compared) or _SECTIONS.get(re.sub(r"\b(?:and|y|e)\b ?", "", compared).strip())
    if found or (" and " not in f" {compared} " and " y " not in f" {compared} "):
        return found or ""
    # "Skills and languages": the first half decides when both halves are headings.
    halves = re.split(r" (?:and|y) ", compared)
    sections = [_SECTIONS.get(half, "") for half in halves]
    return sections[0] if all(sections) else ""


def split(lines: Sequence[Line]) -> list[Part]:
    """Return the parts of a document, the first being what stands above the first heading.

    A heading may share its line with what it opens (``Idiomas: español, inglés``).
    """
    parts = [Part("")]
    for each in lines:
        section = "" if each.bullet else section_of(each.text)
        if section and len(each.text.split()) <= _MOST_WORDS:
            parts.append(Part(section, each))
            continue
        head, colon, rest = each.text.partition(":")
        section = section_of(head) if colon and rest.strip() and not each.bullet else ""
        if section and parts[-1].section != section and section not in {"summary", "contact"} | _inside(parts[-1]):
            opened = Part(section, each)
            opened.lines.append(_rest_of(each, rest))
            parts.append(opened)
        else:
            parts[-1].lines.append(each)
    return parts


def _inside(part: Part) -> set[str]:
    """Return the sections that a line within ``part`` does not open: ``Tools: …`` within skills or a position."""
    if part.section in {"skills", "work", "projects", "education"}:
        return {"skills", "projects", "awards", "courses", "work", "education"}
    return set()


def _rest_of(line: Line, rest: str) -> Line:
    return replace(line, text=rest.strip())
