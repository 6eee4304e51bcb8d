"""Tables whose first row says what the columns hold: ``Dates | Employer | Position``, ``Idioma | Nivel``."""

from __future__ import annotations

from collections.abc import Sequence

from profiles.importers.comparing import plain

# What people write above a column, by what it holds; compared without accents, case and signs.
_LABELS = {
    "dates": "dates, date, period, periodo, fecha, fechas, year, years from to, ano, anos, from to, duration, "
    "duracion, "
    "vigencia, when, start end, inicio fin, issued, obtained, fecha de obtencion, desde hasta, time, tiempo",
    "start": "from, start, start date, desde, inicio, fecha de inicio, de, del",
    "end": "to, end, end date, hasta, fin, termino, fecha de termino, a",
    "employer": "employer, company, organization, organisation, client, firm, empresa, compania, organizacion, "
    "cliente, "
    "empleador, institucion empresa, company name, nombre de la empresa",
    "position": "position, title, job title, role, puesto, cargo, rol, posicion, job, funcion, puesto desempenado",
    "details": "highlights, responsibilities, duties, description, achievements, details, activities, tasks, "
    "actividades, "
    "responsabilidades, funciones, logros, descripcion, detalle, detalles, principales actividades, notes, notas, "
    "actividades principales, principales funciones, key achievements",
    "place": "location, place, city, lugar, ciudad, ubicacion",
    "school": "school, institution, university, college, institucion, universidad, escuela, body, awarding body, "
    "issuer, "
    "issued by, provider, otorgado por, emisor, institucion emisora, organismo, institucion educativa, plantel",
    "award": "award, degree, qualification, program, programme, studies, credential, titulo, grado, carrera, estudios, "
    "programa, certificate, certification, certificacion, certificado, curso, course, nombre, name, diploma, "
    "grado academico, grado obtenido, titulo obtenido",
    "skill": "skill, skills, technology, tool, tools, technologies, competency, habilidad, habilidades, tecnologia, "
    "herramienta, herramientas, conocimiento, competencia, tecnologias, aptitud, lenguaje, technology tool, area",
    "years": "years, years of experience, experience, yrs, anos, anos de experiencia, experiencia",
    "level": "level, proficiency, rating, nivel, dominio, nivel de dominio, proficiency level, fluency, "
    "grado de dominio",
    "language": "language, languages, idioma, idiomas, lengua",
    "reading": "reading, read, lectura, leido",
    "writing": "writing, written, write, escritura, escrito",
    "speaking": "speaking, spoken, oral, conversation, conversacion, hablado, habla, expresion oral",
    "listening": "listening, comprehension, comprension, escucha, comprension auditiva",
}
_COLUMNS = {name: label for label, names in _LABELS.items() for name in names.split(", ")}
# What stands in one kind of table only tells the kind, so that “Years” beside “Skill” is no date.
_YEARS_OF = frozenset({"years", "ano", "anos"})


def labels(cells: Sequence[str]) -> tuple[str, ...]:
    """Return what the columns hold if this row says so, and nothing if it does not.

    Every cell must be known but one, which is empty or tells nothing; two known ones are the least.
    """
    if not 2 <= len(cells) <= 8 or any(len(cell) > 40 for cell in cells):
        return ()
    found = [_COLUMNS.get(plain(cell), "") for cell in cells]
    known = [label for label in found if label]
    if len(known) < 2 or len(known) < len(cells) - 1 or len(set(known)) < len(known):
        return ()
    if "skill" in found:
        found = ["years" if plain(cell) in _YEARS_OF else label for cell, label in zip(cells, found, strict=True)]
    elif "years" in found:
        found = ["dates" if label == "years" else label for label in found]
    return tuple(label or "other" for label in found)


def row(names: Sequence[str], cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the cells of a row with what each holds, without the empty ones."""
    return tuple((name, cell) for name, cell in zip(names, cells, strict=False) if cell)


def named(text: str) -> tuple[str, str]:
    """Return what a line is by its label, and the rest: ``Empresa: Acme`` is an ``employer``; else ``""`` and all."""
    head, colon, rest = text.partition(":")
    name = _COLUMNS.get(plain(head), "") if colon and rest.strip() and len(head) <= 40 else ""
    return (name, rest.strip()) if name else ("", text)
