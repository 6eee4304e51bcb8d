"""Words that tell a title from an employer and a school from a degree, English and Spanish, compared plain."""

from __future__ import annotations

import re

from profiles.importers.comparing import plain

_TITLES = re.compile(
    r"\b(?:engineer|developer|programmer|analyst|architect|consultant|manager|lead(?:er)?|director|specialist|"
    r"administrator|scientist|officer|head|coordinator|intern|associate|designer|tester|dba|master|owner|cto|cio|ceo|cfo|"
    r"vp|president|supervisor|technician|assistant|advisor|adviser|auditor|professor|teacher|researcher|freelance\w*|"
    r"founder|partner|expert|trainee|support|operator|clerk|instructor|writer|editor|planner|principal|strategist|"
    r"evangelist|modeler|modelador[a]?|steward|mentor|agent|representative|sysadmin|webmaster|apprentice|fellow|underwriter|actuary|"
    r"accountant|investigator|contractor|"
    r"ingenier[oa]|desarrollador[a]?|programador[a]?|analista|arquitect[oa]|consultor[a]?|"
    r"gerente|lider|jef[ea]|director[a]?|especialista|administrador[a]?|coordinador[a]?|practicante|becari[oa]|tecnic[oa]|"
    r"soporte|auxiliar|asesor[a]?|subdirector[a]?|responsable|oficial|cientific[oa]|auditor[a]?|docente|profesor[a]?|"
    r"investigador[a]?|supervisor[a]?|encargad[oa]|fundador[a]?|soci[oa]|ejecutiv[oa]|scrum|qa|sre|devops|fullstack|"
    r"residente|operador[a]?|capturista|asistente|contador[a]?|subgerente|titular|instructor[a]?|tester|disenador[a]?|"
    r"abogad[oa]|actuari[oa]|licenciad[oa]|maestr[oa]|pasante|voluntari[oa]|"
    r"engenheir[oa]|desenvolvedor[a]?|estagiari[oa])\b"
)
_ORGANIZATIONS = re.compile(
    r"\b(?:inc|llc|ltd|corp|corporation|company|group|bank|banco|banca|grupo|sa|s a|sapi|sofom|seguros|insurance|"
    r"universidad|university|instituto|institute|college|secretaria|gobierno|comision|technologies|technology|solutions|"
    r"soluciones|systems|sistemas|software|consulting|consultores|consultoria|services|servicios|labs|financiera|"
    r"financial|capital|holdings|partners|studio|agency|agencia|ministry|department|hospital|airlines|fintech|telecom|"
    r"despacho|asociados|fundacion|foundation|afore|casa de bolsa|aseguradora|caja|cooperativa|industries|industrias|"
    r"laboratorios|laboratories|sociedad|associates|ventures|media|networks|energy|motors|foods|stores|tecnologia)\b"
)
_SCHOOLS = re.compile(
    r"\b(?:universidad|university|instituto|institute|tecnologico|college|school|escuela|facultad|unam|ipn|itesm|itam|"
    r"uvm|uam|udg|uanl|buap|iteso|udlap|udem|uady|uabc|uaslp|unitec|cetys|itson|escom|upiicsa|esime|conalep|cecyt|"
    r"tec de monterrey|academy|academia|preparatoria|politecnico|politecnica|centro|colegio|bootcamp|universidade|"
    r"mit|ucla|polytechnic|conservatory|seminary|seminario|universitario|universitaria|normal|cbtis|cetis|tecmilenio|"
    r"plantel|bachilleres|cobay|cobach|cobao|cobaem|cobaq|cch|cinvestav|cimat|cicese|cenidet|ceneval|uaa|uanl|uaq|uaem|"
    r"uaeh|ujat|uach|uson|unison|ucol|ugto|upaep|ibero|anahuac)\b"
)
_DEGREES = re.compile(
    r"\b(?:bachelor\w*|master\w*|phd|ph d|doctor\w*|mba|bba|bsc|msc|b s|m s|b sc|m sc|b a|m a|a a s|a s|b e|m e|be|me|"
    r"bs|ms|aas|beng|meng|b tech|m tech|btech|mtech|ba|ma|associate|diploma|degree|licenciatura|"
    r"licenciad[oa]|ingenieria|ingenier[oa]|maestria|maestr[oa]|doctorado|diplomado|especialidad|tecnic[oa]|bachillerato|"
    r"preparatoria|certificate|carrera|tsu|lic|ing|mtr[oa]|engineering|minor|especializacion|posgrado|ged|ll b|llb|"
    r"ll m|jd|graduad[oa]|bacharelado|bacharel|mestrado|tecnologo|high school)\b"
)
_LEGAL_FORM = re.compile(
    r"\b(?:s\.?\s?a\.?(?:\s?p\.?\s?i\.?)?(?: de c\.?\s?v\.?)?|c\.?\s?v\.?|s\. de r\.?\s?l\.?.{0,12}|inc\.?|llc|"
    r"l\.l\.c\.|ltd\.?|corp\.?|co\.|s\.?c\.?|gmbh|plc|a\.c\.|e\.n\.r\.|e\.r\.|i\.b\.m\.|s\.o\.f\.o\.m\.)$",
    re.IGNORECASE,
)


def is_legal_form(text: str) -> bool:
    """Tell whether a name ends with the legal form of a firm."""
    return bool(_LEGAL_FORM.search(text))


def is_title(text: str) -> bool:
    """Tell whether a word for an occupation stands in the text."""
    return bool(_TITLES.search(plain(text)))


def kind(text: str) -> str:
    """Return ``title`` or ``organization``, or empty for a text that tells neither.

    A title word decides against words that both use (“Analista de Sistemas”), a legal form decides against all.
    """
    if is_legal_form(text):
        return "organization"
    if is_title(text):
        return "title"
    return "organization" if _ORGANIZATIONS.search(plain(text)) else ""


_PARTS = re.compile(
    r"(?:the )?(?:(?:department|dept|division|office|school|faculty|center|centre|laboratory|section|unit) (?:of|for)|"
    r"departamento|depto|direccion|division|facultad|gerencia|coordinacion|area|unidad|seccion|laboratorio) (?:of|de)?"
)


def is_part_of_firm(text: str) -> bool:
    """Tell whether a text names a part of an employer, such as ``Department of Computer Science``."""
    return bool(_PARTS.match(plain(text)))


def is_school(text: str) -> bool:
    """Tell whether a word for a school stands in the text."""
    return bool(_SCHOOLS.search(plain(text)))


_FIELDS = re.compile(
    r"\b(?:contaduria|contabilidad|accounting|administracion|administration|derecho|law|economi\w+|finance|finanzas|"
    r"actuari\w+|informatica|informatics|computacion|comput\w+|sistemas|matematicas|mathematics|fisica|physics|quimica|"
    r"estadistica|statistics|psicologia|mercadotecnia|marketing|negocios|business|ciencias|sciences?|comercio|"
    r"comunicacion|electronica|mecatronica|telecomunicaciones|tecnologias)\b"
)


def is_field(text: str) -> bool:
    """Tell whether a word for a field of study stands in the text."""
    return bool(_FIELDS.search(plain(text)))


def is_degree(text: str) -> bool:
    """Tell whether a word for a degree stands in the text."""
    return bool(_DEGREES.search(plain(text)))
