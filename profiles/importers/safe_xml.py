"""XML without its dangers: no document type, hence no entities of any kind, and bounds on size and depth.

Expat itself neither loads external entities nor expands any that were not declared; refusing every DOCTYPE leaves
nothing to declare (compare CWE-611 and CWE-776).
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from profiles.importers.reading import Refused

MOST_ELEMENTS = 200_000
MAX_DEPTH = 100


def parse(raw: bytes) -> Element:
    """Return the root element; names are ``{namespace}local``.

    Raises Refused: ``forbidden_xml`` for a document type, ``too_deep``, ``too_many_elements``, ``malformed_xml``.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = elements = 0

    def named(name: str) -> str:
        return "{" + name if "}" in name else name

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MAX_DEPTH:
            raise Refused("too_deep", most=MAX_DEPTH)
        if elements > MOST_ELEMENTS:
            raise Refused("too_many_elements", most=MOST_ELEMENTS)
        builder.start(named(name), {named(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(named(name))

    def refuse(*_declaration: object) -> None:
        raise Refused("forbidden_xml")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise Refused("malformed_xml", line=error.lineno, column=error.offset + 1) from error
    except (ValueError, LookupError) as error:  # an encoding that is not known
        raise Refused("malformed_xml", line=1, column=1) from error
    return builder.close()


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
