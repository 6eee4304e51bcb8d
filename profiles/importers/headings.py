"""The headings of résumés in English and Spanish, and the parts of a document that they open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from profiles.importers.comparing import plain
from profiles.importers.lines import Line
from profiles.importers.periods import find_date, find_period
from profiles.importers.tongues import names_language

# What people write over each part; compared without accents, case, signs and numbers.
_HEADINGS = {
    "contact": "informacion personal, contact, contact me, contacts, contact info, get in touch, datos generales, "
    "datos, "
    "contacto personal, contato, contact information, contact details, personal information, personal details, "
    "personal data, "
    "contacto, contactar, datos de contacto, informacion de contacto, datos personales, informacion personal",
    "summary": "summary, professional summary, executive summary, career summary, profile, professional profile, "
    "about, about me, objective, career objective, professional objective, overview, highlights of qualifications, "
    "resumen, resumen profesional, resumen ejecutivo, perfil, perfil profesional, perfil ejecutivo, extracto, "
    "acerca de mi, "
    "acerca de, sobre mi, objetivo, objetivo profesional, semblanza, resumo, resumo profissional, perfil profissional, "
    "summary of qualifications, qualifications summary, qualifications, statement, personal statement, introduction, "
    "who i am, professional overview, bio, biography, quien soy, presentacion, extracto profesional, "
    "resumen de experiencia, objetivo laboral, perfil personal, meta profesional, sobre mim, objetivos",
    "work": "experience, work experience, professional experience, employment history, employment, work history, "
    "career history, relevant experience, job history, professional background, experiencia, experiencia laboral, "
    "experiencia profesional, historial laboral, trayectoria, trayectoria profesional, trayectoria laboral, "
    "antecedentes laborales, empleos, experiencia de trabajo, historial profesional, career, career experience, "
    "professional history, professional experience summary, experience summary, employment experience, "
    "work background, industry experience, career summary and experience, selected experience, previous experience, "
    "additional experience, other experience, earlier experience, positions held, current position, "
    "historial de empleo, ultimos empleos, empleo actual, puestos desempenados, historia laboral, vida laboral, "
    "experiencia relevante, experiencia previa, otras experiencias, experiencia adicional, experiencia en ti, "
    "actividad profesional, desarrollo profesional, carrera profesional, experiencia profissional, experiencias, "
    "appointments, academic appointments, academic positions, faculty appointments, professional appointments, "
    "professional positions, research positions, research experience, academic experience, teaching experience, "
    "internships, internship experience, nombramientos, nombramientos academicos, cargos, cargos academicos, "
    "experiencia academica, experiencia docente, experiencia de investigacion, experiencia en investigacion, "
    "puestos academicos, practicas profesionales, internados, military experience, freelance experience",
    "education": "education, academic background, academic education, education and training, academic history, "
    "studies, educacion, formacion, formacion academica, estudios, escolaridad, preparacion academica, "
    "historial academico, educacion y formacion, datos academicos, antecedentes academicos, academic qualifications, "
    "academic credentials, estudios realizados, educational background, academics, estudios profesionales, "
    "estudios academicos, preparacion, formacion profesional, perfil academico, formacao, formacao academica, "
    "educacao, "
    "academic training, degrees, trayectoria academica, nivel de estudios, grado de estudios",
    "skills": "skills, technical skills, top skills, core skills, key skills, skills and technologies, technologies, "
    "core competencies, competencies, technical competencies, areas of expertise, expertise, tools, "
    "tools and technologies, technical expertise, technical proficiencies, skills summary, hard skills, soft skills, "
    "digital skills, habilidades, habilidades tecnicas, aptitudes, aptitudes principales, principales aptitudes, "
    "competencias personales, personal skills, competencias informaticas, competencias, competencias tecnicas, "
    "conocimientos, conocimientos tecnicos, tecnologias, herramientas, destrezas, "
    "habilidades y conocimientos, conocimientos y habilidades, areas de especialidad, habilidades clave, "
    "habilidades blandas, competencias clave, stack tecnologico, informatica, computacion, "
    "habilidades y competencias, tecnologias y herramientas, herramientas y tecnologias, competencias digitales, "
    "tech stack, technology stack, stack, toolbox, technical, technical summary, technical profile, software, "
    "areas de experiencia, areas de conocimiento, areas of experience, computo, conocimientos de computo, "
    "relevant skills, competencias profesionales, summary of skills, technical tools, it skills, computer skills, "
    "tech, tech skills, tooling, technical toolbox, "
    "computing, computing skills, programming, programming skills, programming languages, lenguajes de programacion, "
    "conocimientos de computo, conocimientos y herramientas, herramientas y conocimientos, conocimientos en sistemas, "
    "paqueteria, "
    "aptitudes tecnicas, aptitudes y conocimientos, software y herramientas, habilidades profesionales, "
    "especialidades, "
    "conhecimentos, conhecimentos tecnicos, habilidades tecnicas, competencias tecnicas, tecnologias e ferramentas",
    "languages": "mother tongue, mother tongues, lengua materna, otros idiomas, other languages, other language, "
    "languages, language skills, language proficiency, languages spoken, idiomas, lenguas, "
    "competencias linguisticas, idiomas y niveles, manejo de idiomas, dominio de idiomas, lingue",
    "certificates": "certifications, certificates, certs, licenses and certifications, licenses certifications, "
    "professional certifications, certifications and licenses, certifications and training, certificaciones, "
    "certificados, licencias y certificaciones, certificaciones profesionales, certificaciones y cursos, "
    "cursos y certificaciones, diplomados y certificaciones, certification, credentials, professional credentials, "
    "licenses, licenses and certificates, certificados y cursos, certificaciones tecnicas, certificacoes, "
    "certificacion, "
    "certificados profesionales, technical certifications, certifications and courses, certifications and credentials",
    "courses": "courses, training, professional development, continuing education, cursos, capacitacion, diplomados, "
    "cursos y talleres, formacion complementaria, cursos y diplomados, talleres, educacion continua",
    "projects": "projects, personal projects, key projects, selected projects, relevant projects, proyectos, "
    "proyectos personales, proyectos relevantes, proyectos destacados",
    "volunteer": "volunteer, volunteering, volunteer experience, volunteer work, community service, voluntariado, "
    "experiencia de voluntariado, trabajo voluntario, servicio comunitario, labor social",
    "awards": "awards, honors, honors and awards, honors awards, awards and honors, achievements, recognition, "
    "premios, reconocimientos, premios y reconocimientos, logros, distinciones, honores y premios, honores",
    "publications": "publications, papers, articles, publicaciones, articulos, publicaciones y conferencias, talks, "
    "selected publications, peer reviewed publications, journal articles, conference papers, publicaciones selectas, "
    "publicaciones seleccionadas, invited talks, books, book chapters, libros, "
    "talks and publications, publications and talks, conference talks, ponencias, conferencias, patents, patentes, "
    "speaking, presentations",
    "interests": "interests, hobbies, hobbies and interests, personal interests, intereses, pasatiempos, aficiones, "
    "intereses personales",
    "other": "affiliations, professional affiliations, memberships, professional memberships, associations, "
    "security clearance, clearance, additional information, other information, informacion adicional, otros datos, "
    "disponibilidad, availability, military service, work authorization, datos adicionales, afiliaciones, membresias, "
    "asociaciones, otros, others, miscellaneous, grants and funding, research interests, "
    "professional service, academic service, lineas de investigacion, servicio academico, direccion de tesis, "
    "tesis dirigidas, referee service, conference service",
    "references": "references, referees, referencias, referencias personales, referencias laborales, "
    "referencias profesionales",
}
_SECTIONS = {name.strip(): section for section, names in _HEADINGS.items() for name in names.split(",")}
# “T E C H N I C A L S K I L L S” does not say where its words end.
_WITHOUT_SPACES = {name.replace(" ", ""): section for name, section in _SECTIONS.items()}
_MOST_WORDS = 6
_SPACED_LETTERS = re.compile(r"(?:[^\W\d_] ){3,}[^\W\d_]")


# Words that give a heading away which is in no list, by what it opens; others in it tell nothing.
_KEYWORDS = {
    "skills": "skills skill habilidades competencias competencies aptitudes conocimientos herramientas tecnologias "
    "stack technologies expertise toolbox toolkit proficiencies technical tecnicas tecnicos",
    "work": "worked trabajado trabaje jobs experience experiencia employment laboral empleo empleos trayectoria",
    "education": "education educacion estudie estudiado studied formacion academic academica academico"
    " academicos estudios studies degrees",
    "certificates": "certifications certification certificates certificaciones certificacion certificados credentials "
    "licenses licencias",
    "languages": "languages idiomas lenguas",
    "courses": "courses cursos training capacitacion diplomados talleres",
    "projects": "projects proyectos",
    "summary": "summary resumen perfil profile about objective objetivo semblanza",
    "volunteer": "volunteer volunteering voluntariado",
    "awards": "awards honors premios reconocimientos logros achievements",
    "publications": "publications publicaciones talks ponencias",
    "interests": "interests hobbies intereses pasatiempos",
    "references": "references referencias",
}
# Headings that ask: “¿Qué sé hacer?”, “What do I know?”.
_ASKED = re.compile(r"(?:what|que) (?:can |do )?(?:i |se |puedo |hago|domino)")
_BY_KEYWORD = {word: section for section, words in _KEYWORDS.items() for word in words.split()}
_MIXED = frozenset({"education", "certificates", "courses", "languages", "skills"})
# Headings of academic résumés that may as well be skills: only their looks tell.
_BY_LOOKS = frozenset(
    (
        *("grants", "funding", "fellowships", "research", "teaching", "service", "advising", "supervision", "students"),
        *("docencia", "investigacion", "becas", "financiamiento", "arbitraje", "books", "libros"),
    )
)
_LINKS = frozenset({"de", "del", "la", "y", "e", "en", "of", "and", "the", "in", "key", "core", "main", "professional"})
OTHER = "other"


@dataclass
class Part:
    """The lines under one heading.

    ``section`` is empty for those before the first heading and ``other`` under a heading that names nothing known;
    ``also`` is what a heading of two names opens besides (“Certifications & Languages”).
    """

    section: str
    heading: Line | None = None
    lines: list[Line] = field(default_factory=list)
    also: str = ""


def section_of(text: str) -> str:
    """Return the section that a heading opens, or empty; ``EXPERIENCIA  LABORAL:`` and ``S K I L L S`` are known."""
    if len(text) > 60:
        return ""
    compared = _unspaced(text)
    found = (
        _SECTIONS.get(compared)
        or _WITHOUT_SPACES.get(compared)
        or _SECTIONS.get(re.sub(r"\b(?:and|y|e)\b ?", "", compared).strip())
    )
    if found or (" and " not in f" {compared} " and " y " not in f" {compared} "):
        return found or ""
    # "Skills and languages": the first half decides when both halves are headings.
    halves = re.split(r" (?:and|y) ", compared)
    sections = [_SECTIONS.get(half, "") for half in halves]
    return sections[0] if all(sections) else ""


_GROUP_WORDS = frozenset(
    (
        *(
            "languages",
            "language",
            "databases",
            "database",
            "frameworks",
            "framework",
            "libraries",
            "platforms",
            "tools",
        ),
        *("other", "others", "misc", "operating", "systems", "web", "testing", "methodologies", "methods", "domains"),
        *("concepts", "environments", "ides", "servers", "software", "hardware", "programming", "scripting", "soft"),
        *("lenguajes", "bases", "datos", "librerias", "bibliotecas", "plataformas", "otros", "otras", "operativos"),
        *("sistemas", "pruebas", "metodologias", "metodos", "entornos", "servidores", "programacion", "dominios"),
        *("blandas", "duras", "general", "generales", "primary", "secondary", "basic", "advanced", "specialized"),
    )
)


def names_group(text: str) -> bool:
    """Tell whether a text is only a heading over skills, such as ``Languages`` or ``Bases de datos``."""
    words = [word for word in plain(text).split() if word not in _LINKS]
    return bool(words) and all(word in _GROUP_WORDS or _BY_KEYWORD.get(word) == "skills" for word in words)


def _unspaced(text: str) -> str:
    if _SPACED_LETTERS.search(text):
        text = re.sub(r"(?<=\S) (?=\S(?:\s|$))", "", text.replace("  ", " \u2003"))
    return plain(text)


def _second(text: str, first: str) -> str:
    """Return the other section that a heading of two names opens, where lines of both can be told apart."""
    words = _unspaced(text).split()
    named = dict.fromkeys(section for word in words if (section := _BY_KEYWORD.get(word)))
    others = [section for section in named if section != first and section in _MIXED]
    joined = bool({"and", "y", "e"} & set(words)) or bool(re.search(r"[/,|]", text))
    return others[0] if first in _MIXED and joined and others else ""


def _by_keyword(text: str) -> str:
    """Return the section that the words of a heading tell of, empty where they tell of none.

    What comes first in ``_KEYWORDS`` counts more: “Summary of skills” lists skills.
    """
    named = {section for word in _unspaced(text).split() if (section := _BY_KEYWORD.get(word))}
    asked = "skills" if "?" in text and _ASKED.match(_unspaced(text)) else ""
    return next((section for section in _KEYWORDS if section in named), asked)


def _is_all_keywords(text: str) -> bool:
    """Tell whether nothing but words of headings is in a text: above the first heading a headline may stand."""
    words = [word for word in _unspaced(text).split() if word not in _LINKS]
    return len(words) > 1 and all(word in _BY_KEYWORD for word in words)


@dataclass(frozen=True)
class _Look:
    """How the headings of a document stand out: only lines that look so can be headings that no list knows."""

    rank: int
    size: float
    bold: bool
    capitals: bool


def _look(line: Line) -> _Look:
    return _Look(line.rank if line.heading else 0, round(line.size * 2) / 2, line.bold, line.text.isupper())


def _heading_looks(lines: Sequence[Line]) -> tuple[set[_Look], _Look | None]:
    """Return the looks of the headings that are known, and that of the running text, which is none of them."""
    body: Counter[_Look] = Counter()
    for line in lines:
        body[_look(line)] += len(line.text)
    usual = body.most_common(1)[0][0] if body else None
    known = Counter(_look(line) for line in lines if _is_known(line))
    out = {look for look in known if look.rank or look.bold or look.capitals or _larger(look, usual)}
    return out - {usual}, usual


def _larger(look: _Look, usual: _Look | None) -> bool:
    return usual is not None and look.size > usual.size


def _is_known(line: Line) -> bool:
    return not line.bullet and len(line.text.split()) <= _MOST_WORDS and bool(section_of(line.text))


def _may_be_heading(line: Line) -> bool:
    return (
        not (line.bullet or line.cells or "\t" in line.text)
        and 1 <= len(line.text.split()) <= _MOST_WORDS
        and len(line.text) <= 60
        and not re.search(r"\d|[.,;|@]|\s[-–—·]\s", line.text)
    )


def split(lines: Sequence[Line]) -> list[Part]:
    """Return the parts of a document, the first being what stands above the first heading.

    A heading may share its line with what it opens (``Idiomas: español, inglés``, or a tab between). Where headings
    stand out, so does one that is in no list: its words may still tell what it opens, else it ends what is above.
    """
    lines = _with_headings_whole(lines)
    looks, usual = _heading_looks(lines)
    parts = [Part("")]
    for at, each in enumerate(lines):
        section = section_of(each.text) if _is_known(each) and not each.cells else ""
        may_open = len(parts) > 1 or _is_all_keywords(each.text) or (each.heading and bool(_by_keyword(each.text)))
        if not section and may_open and _look(each) in looks and _may_be_heading(each):
            stands_out = each.bold or each.heading or _larger(_look(each), usual)
            named = plain(each.text) in _BY_LOOKS
            ends_part = stands_out and (named or not _heads_entry(lines, at))
            section = _by_keyword(each.text) or (OTHER if ends_part else "")
        if section and not _is_label(each, parts[-1], looks):
            parts.append(Part(section, each, also=_second(each.text, section)))
            continue
        head, sign, rest = each.text.partition("\t") if "\t" in each.text else each.text.partition(":")
        section = section_of(head) if sign and rest.strip() and not (each.bullet or each.cells) else ""
        if section == "languages" and not names_language(rest):
            section = ""  # of programming
        if section and parts[-1].section != section and section not in {"summary", "contact"} | _inside(parts[-1]):
            opened = Part(section, each)
            opened.lines.append(_rest_of(each, rest))
            parts.append(opened)
        else:
            parts[-1].lines.append(each)
    return parts


def _with_headings_whole(lines: Sequence[Line]) -> list[Line]:
    """Join a heading that a narrow column broke: ``EXPERIENCIA`` and ``PROFESIONAL`` below it."""
    whole: list[Line] = []
    for line in lines:
        above = whole[-1] if whole else None
        if above is not None and _look(above) == _look(line) and len(above.text.split()) <= 3 and not line.bullet:
            joined = f"{above.text} {line.text}"
            stands_out = above.bold or above.text.isupper() or above.rank
            if stands_out and section_of(joined) and not section_of(line.text) and len(joined.split()) <= _MOST_WORDS:
                whole[-1] = replace(above, text=joined)
                continue
        whole.append(line)
    return whole


def _is_label(line: Line, part: Part, looks: set[_Look]) -> bool:
    """Tell whether a line that could be a heading is a label within a position: ``Technologies`` or ``Logros``.

    Such a label does not look like the headings that are around it.
    """
    inner = {"skills", "awards", "projects", "summary", "courses"}
    section = section_of(line.text)
    return bool(looks) and part.section in {"work", "projects"} and section in inner and _look(line) not in looks


def _heads_entry(lines: Sequence[Line], at: int) -> bool:
    """Tell whether a line that looks like a heading heads a position instead: dates stand within three lines."""
    for line in lines[at + 1 : at + 4]:
        if _is_known(line):
            return False
        if find_period(line.text) or find_date(line.text):
            return True
    return False


def _inside(part: Part) -> set[str]:
    """Return the sections that a line within ``part`` does not open: ``Tools: …`` within skills or a position."""
    if part.section in {"skills", "work", "projects", "education"}:
        return {"skills", "projects", "awards", "courses", "work", "education"}
    return set()


def _rest_of(line: Line, rest: str) -> Line:
    return replace(line, text=rest.strip())
