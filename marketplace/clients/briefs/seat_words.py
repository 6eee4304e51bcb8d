"""The words by which a brief asks for people: heads of titles, ranks, and what stands round them."""

from __future__ import annotations

import re

from marketplace.clients.briefs import numbers
from profiles.levels import Function, Seniority

HEADS = (
    (Function.ARCHITECTURE, r"architects?|arquitect[oa]s?"),
    (
        Function.OPERATIONS,
        r"administrators?|admins?|dbas?|operators?|sysadmins?|sres?|administrador(?:es|as?)?"
        r"|operador(?:es|as?)?",
    ),
    (
        Function.BUSINESS,
        r"(?:product )?owners?|managers?|(?:scrum )?masters?|stewards?|officers?|auditors?"
        r"|smes?|subject[- ]matter experts?"
        r"|gerentes?|jef[ea]s?|custodi[oa]s?|oficial(?:es)?|auditor(?:es|as?)?"
        r"|duen[oa]s? de producto|coach(?:es)?|(?:pm|ba|po|sm)(?=\s*\(\d)"
        r"|(?:(?<=\ba )|(?<=\bun )|(?<=\bone )|(?<=\buna )|(?<=\b1 ))(?:ba|pm|po|sm)"
        r"|(?:(?<=\btwo )|(?<=\bdos )|(?<=\b[2-9] ))(?:ba|pm|po)s?",
    ),
    (
        Function.BUSINESS,
        r"analysts?|analistas?|consultants?|consultor(?:es|as?)?|specialists?|especialistas?"
        r"|leads?|lider(?:es)?|advisors?|advisers?|coordinators?|coordinador(?:es|as?)?|asesor(?:es|as?)?|liaisons?"
        r"|enlaces?(?= (?:con|de|tecnic))"
        r"|researchers?|investigators?|investigador(?:es|as?)?|modelers?|modelador(?:es|as?)?"
        r"|experts?"
        r"|expert[oa]s?|(?<=una )persona(?= (?:de|que|para|con)\b)|(?:(?<=\bone )|(?<=\ba ))person(?= (?:for|who"
        r"|with|to)\b)|(?:someone|somebody"
        r"|alguien)(?= (?:to|for|from|in|who|de|para|que)\b)",
    ),
    (
        Function.ENGINEERING,
        r"configurador(?:es|as?)?|configurators?|modernizers?|implementers?|integradores?|deve?lop+e?rs?"
        r"|program+ers?|coders?|engi?n+e+a?rs?|devs?|(?:pen-?)?testers?|scientists?|designers?|sdets?"
        r"|automatizador(?:es|as?)?|contractors?|(?:back-?end|front-?end|full[- ]?stack)s?(?=\s*[,;.)]|\s(?:y|and|de"
        r"|con|senior|sr"
        r"|ssr|jr)\b|\s[\w.+#]+\s(?:senior|sr|ssr|semi|jr)\b)"
        r"|desarrollador(?:es|as?)?"
        r"|programador(?:es|as?)?|ingenier[oa]s?|cientific[oa]s?|disenador(?:es|as?)?"
        r"|(?:devops|qa|data|backend|frontend|sql|java|cloud|security|ux) (?:person|people|guys?)"
        r"|probador(?:es|as?)?|qas?",
    ),
)
HEAD = re.compile("|".join(rf"(?P<h{n}>\b(?:{words})\b(?![-/]))" for n, (_, words) in enumerate(HEADS)))
UNDECIDED = 3  # the heads whose function only the words beside them tell
ENGINEERS = 4
OPERATIONS_WORDS = re.compile(
    r"\b(?:devops|mlops|sre|reliability|platform|infrastructure|support|operations?|release|cloud|network"
    r"|systems?|monitoring|soc"
    r"|soporte|operacion(?:es)?|infraestructura|plataforma|redes|sistemas|liberaciones|batch|vulnerabilit\w+"
    r"|vulnerabilidades"
    r"|database|bases de datos)\b"
)
ENGINEERING_WORDS = re.compile(
    r"\b(?:qa|test(?:ing)?|pruebas|automation|automatizacion|java|cobol|mainframe|python|javascript|developer"
    r"|software|tech(?:nical)?"
    r"|tecnic[oa]|frontend|backend|front|back|full|etl|data engineer\w*|integration|integracion|rpg|salesforce"
    r"|react|sql)\b"
)
SENIORITY = (
    (Seniority.PRINCIPAL, r"principal|staff|chief"),
    (Seniority.LEAD, r"tech(?:nical)?[- ]lead|lead|lider(?:es)? tecnic[oa]s?"),
    (Seniority.MID, r"mid(?:-?level|-?senior)?|middle|semi[- ]?senior|ssr|intermedi[oa]s?"),
    (Seniority.SENIOR, r"senior(?:s|es)?|sr|experienced|experimentad[oa]s?|seasoned"),
    (Seniority.JUNIOR, r"junior(?:s|es)?|jr|entry-level|trainee"),
)
RANK = re.compile("|".join(rf"(?P<s{n}>\b(?:{words})\b\.?)" for n, (_, words) in enumerate(SENIORITY)))
MODIFIERS = frozenset(
    re.findall(
        r"\S+",
        "semi full-stack fullstack full stack back-end backend back end front-end frontend front bilingual bilingue"
        " bilingues certified remote technical tecnico tecnica tecnicos tech data solution solutions business software"
        " application applications aplicaciones systems system sistemas sistema security seguridad cloud database"
        " databases quality qa support soporte project projects proyecto proyectos product producto program programa"
        " scrum agile web mobile movil test testing pruebas automation release platform plataforma infrastructure"
        " infraestructura network redes mainframe integration operations operaciones operacion production produccion"
        " process procesos risk riesgo riesgos fraud fraude compliance cumplimiento negocio negocios datos soluciones"
        " nube calidad devops site reliability it ti de en del y and / & of with us-based level experienced delivery"
        " service change functional funcional funcionales governance gobierno kyc aml pld modernization modernizacion"
        " learning ai ia experiencia usuario usability ux ui batch payments pagos claims siniestros seguros core"
        " banking bancario regulatory reporting vulnerability identity enterprise empresarial time full-time"
        " part-time half-time half"
        " tiempo",
    )
)
JOINERS = frozenset({"de", "en", "del", "y", "and", "/", "&", "of", "with"})
ASKS = re.compile(
    r"\b(?:will have|would (?:like|have)|like to have|compris(?:es|ing)|made up of|composed of|we (?:picture|imagine"
    r"|envision)"
    r"|tendra|tiene que tener|estara (?:formad|integrad|compuest)[oa]|se (?:compone|integra|conforma)\w*|consta de"
    r"|conformad[oa] por|compuest[oa] (?:por|de)|van?(?= (?:a ser )?(?:un|dos|tres|cuatro|cinco|seis))|pienso en"
    r"|imagin(?:o|amos)"
    r"|need(?:s|ed)?|look(?:ing)? for|seek(?:s|ing)?|hir(?:e|ing)|want(?:s|ed)?|requir(?:e|es|ing)"
    r"|search(?:ing)? for|include[s]?"
    r"|consist(?:s|ing) of|staff(?:ed)? with|add|plus|team of|cell (?:of|with)|busc(?:amos|ando|an|a|o)|ocup(?:o"
    r"|amos)|quiero|queremos|veo|necesit(?:o|a|an|amos)|requerimos|hacen? falta"
    r"|requieren?|solicit(?:o|a|amos|an)|contrat(?:ar|amos|ando)|incorporar|integra(?:r|da)?(?: por)?|formad[oa] por"
    r"|celula (?:de"
    r"|con)|equipo (?:de|con)"
    r"|vacante|position|opening|role(?: of)?|puesto|perfil|ademas)\b[^.;]{0,90}$"
)
NOT_A_SEAT = re.compile(
    r"\b(?:as an?|como|work(?:s|ing)? (?:closely )?with|report(?:s|ing)? to|reporta(?:ra)? a|collaborat\w+ with"
    r"|colabora\w* con"
    r"|alongside|junto (?:a|con)|support(?:s|ing)? (?:our|the)|our(?: own| internal| existing)?|your|their"
    r"|nuestr[oa]s?|existing"
    r"|internal|access to|acceso a|dara(?:n)?|carry on|by the|to the|between|entre|for our|for the|helped by"
    r"|trabaja\w* con|sus|del cliente)\s(?:\w+\s){0,2}$"
)
PART_TIME = re.compile(r"\b(?:part[- ]time|half[- ]time|medio tiempo|tiempo parcial|50 ?%)")
WEEKLY = re.compile(
    r"\b(?P<hours>\d{1,2})\s*(?:hours?|hrs?|horas?)\s*(?:a|per|/|por|a la|semanales)\s*(?:week|semana)?"
)
FACES = re.compile(
    r"client[- ]facing|customer[- ]facing|fac(?:es|ing) the client|trato (?:directo )?con (?:el )?cliente"
    r"|cara al cliente"
)
WANTED = re.compile(
    r"\s*(?:\([^)]{0,30}\)\s*)?(?:is |are |es |son )?(?:wanted|needed|required|sought|requerid[oa]s?"
    r"|solicitad[oa]s?)\b"
)
THOSE = re.compile(r"\b(?:the|these|those|our(?: own)?|their(?: own)?|its(?: own)?|los|las|esos|estos|nuestr[oa]s)\s*$")
DENIED = re.compile(r"\b(?:no|not|without|sin|ni|don't need|do not need)\s(?:an?\s|\w+\s)?$")
OTHER_HEAD = re.compile(
    r"\s+(?:[\w-]+\s+){0,2}(?:scientists?|engineers?|developers?|architects?|analysts?|designers?|programmers?"
    r"|consultants?"
    r"|specialists?|administrators?|testers?|modelers?|advisors?)\b"
)
TOKEN = re.compile(r"[\w+#./&'-]+")
COUNTED = re.compile(
    rf"(?<![\w.,$])(?:(?P<least>{numbers.COUNT})\s*(?:-|\bto\b|\bor\b|\ba\b|\bo\b)\s*)?"
    rf"(?P<count>{numbers.COUNT})(?:\s*\(\d{{1,2}}\))?\s*(?:x\s*)?$"
)
# "Data stewards (3)", "Guidewire developers (3 openings)", "Java developer x2", "Tester: 1".
COUNT_BEHIND = re.compile(
    rf"\s*(?:\(\s*(?:x\s*)?(?P<bracketed>{numbers.COUNT})\s*(?:openings?|positions?|vacanc(?:y|ies)|vacantes?|plazas?"
    rf"|posiciones|personas?|people|needed|headcount|hc|fte)?\s*\)|,?\s*x\s?(?P<times>\d{{1,2}})\b"
    rf"|,\s*(?P<them>{numbers.COUNT}) of (?:them|those)\b"
    r"|[ \t]+(?P<trailing>\d{1,2})(?=[ \t]*(?:\([^()\d]|[;\n]|$))"
    rf"|\s*[,\-]\s*(?P<openings>{numbers.COUNT})\s+(?:vacantes?|plazas?|posiciones|openings?|positions?"
    rf"|vacanc(?:y|ies))"
    rf"|\s?(?:[:\-]|(?:\.\s?){{3,}}|_{{3,}})\s*(?P<listed>\d{{1,2}})(?=\s*\(|\s*(?:$|[\n,;.]|openings?|positions?"
    rf"|vacantes?|plazas?|people|personas)))"
)
# "contractors wanted (2 senior, 1 junior)": people of one role and several ranks.
RANKS_BEHIND = re.compile(rf"\s*(?:\w+\s*)?[(:]\s*(?P<list>{numbers.COUNT}\s[^()\n]{{3,80}}?)(?:\)|$|\.)")
RANKED_COUNT = re.compile(
    rf"(?P<count>{numbers.COUNT})\s+(?P<rank>" + "|".join(words for _, words in SENIORITY) + r")\b\.?"
)
# Words that cannot stand between a number and the role that it counts.
NO_MODIFIER = re.compile(
    r"(?:of|with|for|to|the|our|and|or|in|on|at|by|from|who|that|is|are|will|as|years?|months?|weeks?|hours?|yrs?|new"
    r"|de|del|con|para|por|el|la|los|las|que|y|o|en|a|su|anos?|mes(?:es)?|semanas?|horas?|more|mas|or|other|otr[oa]s?"
    r"|people|personas|team|cell|project|\d+)"
)
PERSON_OF = re.compile(r"(?:personas?|people|person|elementos?) (?:de|for|in|para|en) $")
PEOPLE = re.compile(
    rf"\b(?P<count>{numbers.COUNT})\s+(?:(?:good|experienced|senior|solid|buen[oa]s)\s)?(?P<head>people|persons?|folks"
    r"|professionals|resources|hands|personas?|profesional(?:es)?|recursos?|elementos|consultants|specialists)\b"
)
PLURAL = re.compile(r"(?<![sq])s$")
LEADS = re.compile(r"\b(?:leads?|lider(?:es)?)\b")
TECHNICAL = re.compile(r"\b(?:tech(?:nical)?|tecnic[oa]s?|engineering|development|desarrollo|ingenieria)\b")
MOST_PEOPLE = 60
# "Ingeniero(a)", "desarrollador/a"
BOTH_GENDERS = re.compile(r"\((?:a|o|as|os|es|s|o/a|a/o)\)|/(?:a|o|as|os)\b")
# "Número de vacantes: 3", "3 openings": of the one role of an advertisement.
# "Especialista en continuidad (1): …": words that are not known between the role and its number, at the head of a line.
NUMBERED_LINE = re.compile(rf"(?:[ ][\w/&.+#-]+){{1,5}}?\s*\((?P<count>{numbers.COUNT})\)(?=\s*(?:[:,.;\n-]|$))")
# "The client gives access to two experts": they are there.
GIVEN = re.compile(
    r"\b(?:access to|acceso (?:\w+ ){0,6}a|provides? access|dara(?:n)? acceso [^.;]{0,40}\ba)\s(?:\w+\s){0,2}$"
)
VACANCIES = re.compile(
    rf"\b(?:vacantes|plazas|posiciones|openings|positions|vacancies"
    rf"|headcount)\s*:\s*(?P<named>{numbers.COUNT})\b(?!\s*-)"
    rf"|(?<![\w.,$])(?P<count>{numbers.COUNT}) (?:vacantes|plazas|openings|vacancies)\b"
)
SOMEBODY = re.compile(r"(?:someone|somebody|alguien|persona|person)\b[^,;.:()\n]{0,50}")
TECH_LEAD = re.compile(r"\b(?:tech(?:nical)?[- ]lead|lider(?:es)? tecnic[oa]s?|tech lead)\b")
