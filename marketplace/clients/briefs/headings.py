"""The sections of a brief, and the words of the headings that open them, in both languages."""

from __future__ import annotations

import re
from enum import Enum


class Section(Enum):
    """What a heading says about the lines below it."""

    NEUTRAL = "neutral"
    MUST = "must"
    WISH = "wish"
    ASIDE = "aside"  # about the firm, benefits: nothing is asked for here
    CONTEXT = "context"  # what there is today: good to know, not asked for
    EXCLUDED = "excluded"
    SEATS = "seats"
    DUTIES = "duties"


# Headings that are nothing else, word by word.
LABELS = {
    Section.EXCLUDED: (
        r"not (?:in|within|covered by|for|under) (?:the |this |our )?(?:\w+ )?(?:sow|scope|contract|project"
        r"|engagement|cell|phase"
        r"|you|us|now)|fuera|out|won't have|will not have|(?:explicitly |expressly )?out of scope|not (?:needed"
        r"|required|included"
        r"|in scope|wanted|part of \w+(?: \w+)?)"
        r"|(?:what )?(?:we )?(?:(?:are|'re) not looking for|don't need|do not need|don't want|do not want)"
        r"|what you (?:won't|will not|don't) (?:do|need|need to know|touch)|(?:scope )?exclu(?:sions?|ded)"
        r"|(?:queda(?:n)? )?fuera del? alcance|exclusiones|excluid[oa]s?"
        r"|no (?:se )?(?:requiere|necesita|incluye|busca|pide|contempla)(?:mos|n)?"
        r"|(?:lo )?que no (?:se )?(?:busca|pide|necesita|quere|incluye|requiere|hara|haras|contempla)(?:mos|s|n)?"
        r"|no (?:requerid|necesari|incluid)[oa]s?|no hace(?:n)? falta"
        r"|no form(?:a|an|ara|aran) parte(?: de(?:l| la| este| esta| los| las)? ?\w+){0,2}"
    ),
    Section.WISH: (
        r"(?:preferred|desir(?:able|ed)|optional|additional|bonus|nice[- ]to[- ]haves?|good[- ]to[- ]have|a? ?plus)"
        r"(?: (?:qualifications?|skills?|experience|requirements?|criteria|certifications?|points?|knowledge"
        r"|but nice))*"
        r"|(?:should|could) have|nice|preferably|preferences?|wish ?list|plus(?:es)?|extras?|extra credit"
        r"|would be nice|(?:even )?better if"
        r"|(?:what (?:would|will|can) )?(?:make|set|help)s? you (?:stand out|apart)|stand[- ]?outs?|what sets you apart"
        r"|(?:we'd|we would) (?:love|like)(?: it)?(?: if)?|not (?:mandatory|essential)|ideally|assets?"
        r"|valorables?|ventajas?|no (?:indispensables?|obligatori[oa]s?|excluyentes?)"
        r"|suma(?:n|ria|rian)?(?: puntos)?|nos (?:encantaria|gustaria)|idealmente|ideal"
        r"|(?:conocimientos |requisitos |perfil )?(?:deseables?|opcionales|preferentes?)(?:,? (?:mas|pero"
        r"|aunque) no [a-z]+)?|opcional|de preferencia"
        r"|se valora(?:ra)?n?|puntos extra|deseamos|(?:lo )?que te (?:hara|haria) destacar|te hara destacar|mejor si"
    ),
    Section.MUST: (
        r"(?:key |minimum |basic |core |technical |functional )?(?:requirements?|qualifications|skills"
        r"|competenc(?:ies|es))"
        r"(?: required| expected| and experience)?|(?:skills?|technical) expectations?|what we expect|we expect"
        r"|mandatory(?: skills| requirements| qualifications)?|required(?: skills| qualifications| experience)?"
        r"|must[- ]haves?|must|what you(?:'ll| will)? (?:need|bring|have)|you(?:'ll| will)? (?:bring|need|have|know)"
        r"|(?:technical |tech )?stack|technologies|technology|we need|essential|non[- ]negotiables?"
        r"|requisitos(?: indispensables| minimos| tecnicos)?|requerimientos|indispensables?|imprescindibles?"
        r"|obligatorios?|excluyentes?|(?:lo )?que (?:debes|necesitas|tienes que) (?:saber|traer|tener|dominar)"
        r"|conocimientos(?: requeridos| tecnicos| indispensables)?|lo que buscamos|(?:lo )?que necesitas|que pedimos"
        r"|experiencia(?: requerida)?|tecnologias|habilidades(?: requeridas)?|regulation|regulacion|certifications?"
        r"|certificaciones"
    ),
    Section.CONTEXT: (
        r"(?:project |business )?(?:background|context)(?: and (?:purpose|objectives?))?|introduction"
        r"|(?:current|present|as[- ]is) (?:state|situation|environment|landscape|systems?|platform)"
        r"|what we have(?: today)?|where we are(?: today)?|antecedentes|contexto|introduccion"
        r"|(?:lo )?que tenemos(?: hoy)?"
        r"|(?:situacion|estado|entorno|plataforma) actual|punto de partida"
    ),
    Section.ASIDE: (
        r"about(?: us| (?:the|our|your) (?:company|client|bank|firm|team)| our company| you)?|who we are"
        r"|benefits|what we offer"
        r"|we offer|perks"
        r"|compensation and benefits|equal opportunity|how to apply|our company|company"
        r"|acerca de(?: nosotros| la empresa)?|sobre (?:nosotros|la empresa|el cliente)|quienes somos|beneficios"
        r"|ofrecemos|(?:lo )?que ofrecemos|prestaciones|como postular(?:te|se)?"
    ),
    Section.SEATS: (
        r"(?:the |our |proposed |key |required )*(?:team|roles?|seats?|positions?|profiles?|staff|staffing|cell|squad"
        r"|headcount|people|personnel|openings?|vacancies)(?: composition| needed| required| structure| wanted)?"
        r"|who we (?:need|want|are looking for)|(?:el )?equipo(?: requerido)?"
        r"|perfil(?:es)?(?: requeridos?| buscados?| solicitados?)?|puestos?|roles|a quien(?:es)? buscamos"
        r"|personal(?: requerido)?"
        r"|vacantes?|integrantes|(?:la )?celula|posiciones|composicion(?: de la celula| del equipo)?"
    ),
    Section.DUTIES: (
        r"(?:key |main )?responsibilities|duties|what you(?:'ll| will) (?:do|build)|scope(?: of (?:work|services))?"
        r"|deliverables|objectives?|what we want(?: built)?|(?:principales )?(?:responsabilidades|funciones"
        r"|actividades)"
        r"|alcance|entregables|objetivos?|que (?:vamos a hacer|haras|queremos)|trabajos? por realizar"
    ),
    Section.NEUTRAL: (
        r"terms?(?: and (?:price|conditions))?|compliance|place|schedule|notes?|logistics|conditions|language|budget"
        r"|price|duration|term|dates|start|location|my notes|cumplimiento|idiomas?|fechas(?: y dinero)?|notas|mis notas"
        r"|observaciones|condiciones|plazo|presupuesto|horario|inicio|duracion|lugar|general(?:es)?|otros|other"
    ),
}
# What the words of a heading say that no label is: "What would make us smile", "SECTION 1 - ABOUT THE BANK".
HEADED = tuple(
    (section, re.compile(rf"\b(?:{words})\b"))
    for section, words in (
        (
            Section.EXCLUDED,
            r"don't|do not|won't|will not|not|no (?!later|more|matter|less)\w+|exclu\w+|out of scope|outside|fuera"
            r"|tampoco|never|nunca|sin",
        ),
        (
            Section.WISH,
            r"seria\w*|tuvieras?|trajeras?|ganas|nice|prefer\w*|desir\w+|desea\w+|bonus|extras?|plus|smile"
            r"|happy|happier|love|welcome|optional|opcional\w*"
            r"|would (?:help|be|make|like|also)|additional (?:consideration|points|merit|credit)\w*|differentiators?"
            r"|diferenciador\w*|valora\w*|sumar?(?:ia|n)?|ideal\w*|preferente\w*|gustaria|encantaria|puntos"
            r"|puntua\w+|complementar\w*|adicional(?:es)?|merits?|meritos",
        ),
        (
            Section.ASIDE,
            r"about (?:us|the (?:bank|company|client|firm|buyer|institution)|our \w+|ourselves)|who we are"
            r"|quienes somos"
            r"|acerca de|sobre (?:nosotros|el (?:banco|cliente)|la (?:empresa|compania|institucion))|benefits"
            r"|prestaciones|what we offer|ofrecemos|company profile|perfil de la (?:empresa|compania)",
        ),
        (
            Section.CONTEXT,
            r"background|antecedentes|contexto?|current(?:ly)?|as-is|actual(?:es)?|today|hoy|history|historia"
            r"|introduc\w+"
            r"|where we (?:are|stand)|what we have|what happened|lo que tenemos|assumptions|supuestos",
        ),
        (
            Section.SEATS,
            r"team|cell|squad|crew|people|staff(?:ing)?|seats?|roles?|positions?|profiles?|headcount|personnel"
            r"|openings?"
            r"|who (?:we|you|it)|equipo|celula|perfil(?:es)?|personal|puestos?|vacantes?|posiciones|integrantes"
            r"|personas"
            r"|a quien(?:es)?",
        ),
        (
            Section.MUST,
            r"require(?:d|ments?)|must|mandatory|essentials?|need(?:s|ed)?|skills|qualifications|requisitos"
            r"|requerimientos|indispensables?|obligatori[oa]s?|conocimientos|habilidades|requerid[oa]s?",
        ),
    )
)
