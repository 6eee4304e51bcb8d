"""Words that people add to the name of a skill without meaning another skill, by the kinds that may wear them."""

from __future__ import annotations

import re

from profiles.taxonomy.text import normalize

_ANYTHING = """
experience experiencia knowledge conocimiento conocimientos skill skills habilidad habilidades expertise proficiency
background manejo uso dominio practice practices practica practicas strong proven solid amplia solida solidos solido
basico basicos basica basic intermedio intermedia intermediate avanzado avanzados avanzada advanced tecnico
developer developers desarrollador desarrolladora desarrolladores programmer programmers programador programadora
engineer engineers ingeniero ingeniera ingenieros analyst analysts analista analistas specialist specialists
especialista especialistas consultant consultants consultor consultora expert experts experto experta lead leader
lider sr senior ssr jr junior with con using and y program programs programme programa programas process processes
proceso procesos project projects proyecto proyectos team equipo initiative iniciativa corporate corporativo
corporativa enterprise empresarial environment environments ambiente ambientes entorno entornos it ti documentation
documentacion dev devs officer oficial holder bancario bancaria bancarios bancarias
empresariales corporativos years year anos ano implementation implementacion consulting at over mas minimo least
ing tier ii iii n1 n2 n3 l1 l2 l3 lts
level nivel working hands on deep good excellent excelente buen buena alto alta proficient skilled familiarity
bilingual bilingue head jefe jefa coordinador coordinadora coordinator responsable gerente gerentes manager managers
gerencia
a area remote remoto remota professional profesional professionals profesionales technician tecnico tecnicos staff
"""
_TECHNOLOGY = """
language lenguaje programming programacion scripting scripts script development desarrollo platform plataforma tool
tools herramienta herramientas database databases base datos db cluster clusters server servers servidor servidores
admin administration administracion system systems sistema sistemas software framework marco library libreria
ibm ms microsoft apache amazon scheduler scheduling planificador service services servicio servicios images imagenes
code codigo technology technologies tecnologia reports reportes queries consultas jobs files archivos application
applications app apps aplicaciones statistical estadistico management gestion desktop cloud nube hooks cache stack
architecture arquitectura environments modules modulos module modulo coding codificacion ii iii backend frontend online
batch version versions versiones latest suite enterprise edition administrator administrador administradora support
soporte deployment deployments despliegue despliegues instalacion installation configuracion configuration dba dbas
mantenimiento maintenance upgrade upgrades architect architects arquitecto arquitecta arquitectos integration
integracion integraciones actualizacion packages paquetes bots pipelines notebooks
ecosystem ecosistema product producto productos products especializado especializada
"""
# Makers before the name of their product: "Oracle Java", "Red Hat WildFly". Alone, some are names of skills.
_MAKERS = """
oracle sap google red hat hewlett packard hp hpe cisco rational adobe atlassian embarcadero broadcom ca bmc qlik tech
the mathworks statacorp apple jetbrains vmware systems compuware tibco micro focus opentext engine
"""
_METHOD_OR_DOMAIN = """
framework marco methodology metodologia standard standards estandar norma tool tools herramienta herramientas
system systems sistema sistemas software solution solutions solucion soluciones platform plataforma industry industria
sector ramo domain dominio business rules reglas messages mensajes files archivos teams rails operations management
gestion administracion operacion manejo integration integracion methods metodos calculation calculo techniques
tecnicas concepts conceptos principles principios services
servicios area
"""
_REGULATION = """
checks calculation calculo regulation regulations regulacion regulatory compliance cumplimiento norma normativa ley
law act requirements
requerimientos requisitos rule rules regla reglas procedure procedures procedimientos policy policies politica
politicas standard standards estandar framework marco controls controles certification
certificacion reporting reportes integration integracion
"""
_CERTIFICATE = (
    "certificate certificates certification certified certificado certificada certificacion exam examen level license"
    " licencia credential credencial vigente active"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(normalize(text).split())


_EVERYWHERE = _words(_ANYTHING)
_BY_KIND = {
    "technology": _words(_TECHNOLOGY) | _words(_MAKERS),
    "method": _words(_METHOD_OR_DOMAIN),
    "domain": _words(_METHOD_OR_DOMAIN),
    "regulation": _words(_REGULATION),
    "certificate": _words(_CERTIFICATE),
}
MAKERS = _words(_MAKERS)
SAY_RANK = _words("tier level nivel linea line fase phase")
SAY_CERTIFICATE = _words("certificate certification certified certificado certificada certificacion")
KNOWN = _EVERYWHERE.union(SAY_CERTIFICATE, *_BY_KIND.values())
# A lone C or R is a language only where somebody says so.
# What tells a product from the everyday word that it is named with: "Spring developer", not "visa process".
SAY_PRODUCT = _words(
    _MAKERS
    + """developer developers desarrollador desarrolladora desarrolladores programmer programmers programador
    programadora programming programacion engineer engineers ingeniero ingeniera ingenieros framework marco language
    lenguaje library libreria tool tools herramienta herramientas platform plataforma software database databases db
    experience experiencia knowledge conocimiento conocimientos expert experto experta skill skills habilidad
    habilidades expertise admin administrator administrador administradora administration administracion consultant
    consultor consultora developing development desarrollo dev devs scripting scripts script server servidor cluster
    ibm ms microsoft apache amazon specialist especialista analyst analista technology tecnologia queries dashboards
    advanced avanzado intermediate intermedio basico basic proficiency proficient manejo uso dominio senior sr ssr jr
    junior code codigo dba dbas mvc years year anos ano familiarity hands implementation implementacion integration
    integracion support soporte cloud backend frontend api app apps version versions reports reportes hooks"""
) - _words("the red hat micro focus engine systems tech ca")
SAY_LANGUAGE = _words("language lenguaje programming programacion developer developers desarrollador programador")


def weight(word: str) -> int:
    """Return how little ``word`` is expected to be idle: a rank or role most, a maker or a kind of thing least.

    "IBM Cloud engineer" is an engineer of IBM Cloud, and "desarrollo con Spring Batch" development with Spring Batch.
    """
    if word in SAY_CERTIFICATE or word in _JOINTS:
        return 0
    return 2 if word in MAKERS or word in _MADE or word not in _EVERYWHERE | _ACTIVITIES else 1


_JOINTS = _words("con with using a at")
_ACTIVITIES = _words("development desarrollo programming programacion support soporte")
_MADE = _words("ibm ms microsoft apache amazon")
_VERSION = re.compile(r"v?\d{1,2}[.x]?\d{0,2}[a-z]?(?:/\d{1,2})*|\d{1,2}\+")
_YEAR_OR_EDITION = re.compile(r"(?:19|20)\d\d|v\d{1,2}")


def is_year(word: str) -> bool:
    """Return whether ``word`` may be a year: "spring 2027" is a season, "Spring 6" is not."""
    return len(word) == len("2027") and bool(_YEAR_OR_EDITION.fullmatch(word))


def is_number(word: str) -> bool:
    """Return whether ``word`` may be a version, an edition or a count of years."""
    return bool(_VERSION.fullmatch(word) or _YEAR_OR_EDITION.fullmatch(word))


def may_wear(kind: str, word: str) -> bool:
    """Return whether ``word`` beside the name of a skill of ``kind`` leaves its meaning as it is."""
    if _YEAR_OR_EDITION.fullmatch(word):
        return True
    if _VERSION.fullmatch(word):
        return kind == "technology"
    return word in _EVERYWHERE or word in _BY_KIND[kind]
