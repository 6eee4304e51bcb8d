"""Words that say the same in both languages, for names that mix them: "data linaje", "due diligence reforzada"."""

from __future__ import annotations

from profiles.taxonomy.forms import AND, LINKING, root

# One concept per line: English words, a colon, Spanish words. Only words that mean the same in every name of the field.
_PAIRS = """
data: dato datos
governance: gobierno
quality: calidad
lineage: linaje
stewardship: custodia
steward: custodio
catalog: catalogo
glossary: glosario
metadata: metadato
master: maestro
reference: referencia
management: gestion administracion
risk: riesgo
operational: operacional operativo
market: mercado
credit: credito
payment: pago
card: tarjeta
due: debida
diligence: diligencia
enhanced: reforzada ampliada intensificada
customer client: cliente
identification: identificacion
verification: verificacion
identity: identidad
transaction: transaccion
transactional: transaccional
monitoring: monitoreo
alert: alerta
sanction: sancion
list: lista
fraud: fraude
detection: deteccion
prevention: prevencion
laundering: lavado
money: dinero
insurance: seguro
policy: poliza
claim: siniestro
reinsurance: reaseguro
security: seguridad
cybersecurity: ciberseguridad
information: informacion
cloud: nube
migration: migracion
modernization: modernizacion
architecture: arquitectura
system: sistema
analysis: analisis
analytics: analitica
business: negocio
project: proyecto
product: producto
process: proceso
test: prueba
automation: automatizacion
automated: automatizada automatica
development: desarrollo
engineering: ingenieria
network: red redes
incident: incidente
problem: problema
change: cambio
release: liberacion
service: servicio
vulnerability: vulnerabilidad
penetration: penetracion
threat: amenaza
access: acceso
learning: aprendizaje
intelligence: inteligencia
model: modelo
reconciliation: conciliacion
report reporting: reporte
regulatory: regulatorio
compliance: cumplimiento
internal: interno
audit: auditoria
integration: integracion
requirement: requerimiento requisito
user: usuario
acceptance: aceptacion
performance: rendimiento desempeno
application: aplicacion
maintenance: mantenimiento
disaster: desastre
recovery: recuperacion
continuity: continuidad
supplier vendor: proveedor
training: capacitacion
technical: tecnico
agile: agil
methodology: metodologia
transformation: transformacion
infrastructure: infraestructura
storage: almacenamiento
design: diseno
experience: experiencia
programming: programacion
scheduling: planificacion
visualization: visualizacion
science: ciencia
warehouse: almacen
lake: lago
privacy: privacidad
protection: proteccion
response: respuesta
encryption: cifrado
key: llave
owner: dueno
strategy: estrategia
migrating: migrar
bank: bancario
electronic: electronico
signature: firma
"""


def _pairs() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    concepts: dict[str, str] = {}
    english: set[str] = set()
    spanish: set[str] = set()
    for line in _PAIRS.strip().splitlines():
        left, right = (side.split() for side in line.split(":"))
        concepts |= dict.fromkeys(map(root, (*left, *right)), root(left[0]))
        english |= {form for word in left for form in (word, f"{word}s")}
        spanish |= {form for word in right for form in (word, f"{word}s", f"{word}es")}
    return concepts, frozenset(english - spanish), frozenset(spanish - english)


_CONCEPTS, _ENGLISH, _SPANISH = _pairs()
# A name with a direction says something else when it is turned around: COBOL to Java, Java to COBOL.
_DIRECTIONS = frozenset({"to", "a", "into", "hacia", "from", "desde", "vs", "versus"})


# Who leads is not what is led: a manager of data strategy is no strategy of data management.
_LEADERS = frozenset({"manager", "gerente", "gerencia"})


def _numbered(parts: list[str]) -> list[str]:
    """Join numbers to the word before them: "SOC 1 nivel" is no "SOC nivel 1"."""
    joined: list[str] = []
    for part in parts:
        if part.isdigit() and joined:
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def concepts(form: str) -> tuple[str, ...]:
    """Return what the words of a normalized name mean, in an order of their own; nothing where order matters."""
    parts = _numbered(form.split())
    if len(parts) == 1 or not _DIRECTIONS.isdisjoint(parts) or not _LEADERS.isdisjoint(parts):
        return ()
    stems = [root(part) for part in parts if part not in LINKING]
    meant = sorted(_CONCEPTS.get(stem, stem) for stem in stems if stem != AND)
    return tuple(meant) if len(meant) > 1 else ()


def mixes_languages(form: str) -> bool:
    """Return whether a normalized name has words that only English has and words that only Spanish has."""
    parts = form.split()
    return not _ENGLISH.isdisjoint(parts) and not _SPANISH.isdisjoint(parts)
