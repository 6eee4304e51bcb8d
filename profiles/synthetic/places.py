"""Where the people of the synthetic market live: cities with their IANA zones, clusters with their weights."""

from __future__ import annotations

from dataclasses import dataclass

from profiles.levels import Country

OTHER = "Other"


@dataclass(frozen=True)
class Place:
    """A city: ``weight`` is its share (percent) among the people of its country, ``rate_step`` what it adds to the
    position inside a rate band (0.1 = a tenth of the band)."""

    city: str
    region: str
    cluster: str
    zone: str
    country: Country
    weight: float
    rate_step: float = 0.0


def _mexico(
    cluster: str, zone: str, step: float, *cities: tuple[str, str, float] | tuple[str, str, float, str]
) -> tuple[Place, ...]:
    places = []
    for city, region, weight, *own_zone in cities:
        places.append(Place(city, region, cluster, own_zone[0] if own_zone else zone, Country.MEXICO, weight, step))
    return tuple(places)


def _united_states(*cities: tuple[str, str, str, float, float]) -> tuple[Place, ...]:
    return tuple(
        Place(city, state, city, zone, Country.UNITED_STATES, weight, step)
        for city, state, zone, weight, step in cities
    )


_CENTER = "America/Mexico_City"

# Weights of clusters: 32, 18, 16, 8, 4, 3, 4, 3, 2, 2 and 8 elsewhere. Zones after the law of October 28, 2022: the
# northern border keeps summer time in step with the US, Sonora and Quintana Roo have offsets of their own.
MEXICO: tuple[Place, ...] = (
    *_mexico(
        "CDMX",
        _CENTER,
        0.15,
        ("Ciudad de México", "Ciudad de México", 26),
        ("Naucalpan", "Estado de México", 3),
        ("Tlalnepantla", "Estado de México", 3),
    ),
    *_mexico("Guadalajara", _CENTER, 0.08, ("Guadalajara", "Jalisco", 11), ("Zapopan", "Jalisco", 7)),
    *_mexico(
        "Monterrey",
        "America/Monterrey",
        0.12,
        ("Monterrey", "Nuevo León", 10),
        ("San Pedro Garza García", "Nuevo León", 4),
        ("Apodaca", "Nuevo León", 2),
    ),
    *_mexico("Querétaro", _CENTER, 0.05, ("Santiago de Querétaro", "Querétaro", 8)),
    *_mexico("Puebla", _CENTER, -0.05, ("Puebla", "Puebla", 4)),
    *_mexico("Mérida", "America/Merida", -0.05, ("Mérida", "Yucatán", 3)),
    *_mexico("Tijuana", "America/Tijuana", 0.1, ("Tijuana", "Baja California", 4)),
    *_mexico("León", _CENTER, -0.08, ("León", "Guanajuato", 3)),
    *_mexico("Chihuahua", "America/Chihuahua", -0.02, ("Chihuahua", "Chihuahua", 2)),
    *_mexico("Hermosillo", "America/Hermosillo", -0.03, ("Hermosillo", "Sonora", 2)),
    *_mexico(
        OTHER,
        _CENTER,
        -0.1,
        ("Toluca", "Estado de México", 1),
        ("San Luis Potosí", "San Luis Potosí", 1),
        ("Aguascalientes", "Aguascalientes", 1),
        ("Ciudad Juárez", "Chihuahua", 1, "America/Ciudad_Juarez"),
        ("Saltillo", "Coahuila", 0.6, "America/Monterrey"),
        ("Torreón", "Coahuila", 0.5, "America/Monterrey"),
        ("Culiacán", "Sinaloa", 0.6, "America/Mazatlan"),
        ("Mexicali", "Baja California", 0.5, "America/Tijuana"),
        ("Reynosa", "Tamaulipas", 0.4, "America/Matamoros"),
        ("Cancún", "Quintana Roo", 0.5, "America/Cancun"),
        ("Morelia", "Michoacán", 0.4),
        ("Xalapa", "Veracruz", 0.3),
        ("La Paz", "Baja California Sur", 0.2, "America/Mazatlan"),
    ),
)

UNITED_STATES: tuple[Place, ...] = _united_states(
    ("New York", "New York", "America/New_York", 20, 0.2),
    ("Charlotte", "North Carolina", "America/New_York", 12, 0.0),
    ("Chicago", "Illinois", "America/Chicago", 14, 0.05),
    ("Dallas", "Texas", "America/Chicago", 9, 0.0),
    ("San Antonio", "Texas", "America/Chicago", 5, -0.1),
    ("Houston", "Texas", "America/Chicago", 6, 0.0),
    ("Atlanta", "Georgia", "America/New_York", 6, 0.0),
    ("Miami", "Florida", "America/New_York", 6, 0.0),
    ("Boston", "Massachusetts", "America/New_York", 5, 0.15),
    ("Hartford", "Connecticut", "America/New_York", 4, 0.05),
    ("Phoenix", "Arizona", "America/Phoenix", 4, -0.05),
    ("Denver", "Colorado", "America/Denver", 4, 0.0),
    ("Los Angeles", "California", "America/Los_Angeles", 5, 0.1),
)

PLACES: tuple[Place, ...] = (*MEXICO, *UNITED_STATES)
