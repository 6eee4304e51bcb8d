"""The clusters in which professionals live: cities that share a labor market, each city with its own IANA zone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from profiles.reference.tables import HERE
from profiles.taxonomy.text import normalize


@dataclass(frozen=True)
class City:
    """``name`` and ``region`` are what profiles hold, in the language of the country."""

    name: str
    region: str
    time_zone: str
    name_en: str
    name_es: str
    region_en: str
    region_es: str

    def label(self, language: str) -> str:
        """Return ``Mexico City, Mexico City`` or, in ``es``, ``Nueva York, Nueva York``: the city and its state."""
        spanish = language.startswith("es")
        return f"{self.name_es}, {self.region_es}" if spanish else f"{self.name_en}, {self.region_en}"


@dataclass(frozen=True)
class Cluster:
    """``code`` is what a profile's ``cluster`` holds; ``country`` is ISO 3166-1 alpha-2."""

    code: str
    name_en: str
    name_es: str
    country: str
    cities: tuple[City, ...]

    @property
    def time_zones(self) -> tuple[str, ...]:
        """The zones of its cities, each once: a state or a cluster may have several."""
        return tuple(dict.fromkeys(city.time_zone for city in self.cities))

    def name(self, language: str) -> str:
        """Return the name in ``es`` or else English."""
        return self.name_es if language.startswith("es") else self.name_en


@lru_cache
def clusters() -> tuple[Cluster, ...]:
    """Return every cluster as ``clusters.csv`` lists them, Mexico first."""
    with (HERE / "clusters.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    heads = {row["cluster"]: (row["name_en"], row["name_es"], row["country"]) for row in rows}
    return tuple(
        Cluster(
            code,
            *head,
            tuple(_city(row) for row in rows if row["cluster"] == code),
        )
        for code, head in heads.items()
    )


def zone_of_city(name: str) -> str | None:
    """Return the IANA zone of a city of these clusters, in either language and whatever its case and accents.

    None for any other.
    """
    return _zones_by_city().get(normalize(name))


@lru_cache
def _zones_by_city() -> dict[str, str]:
    cities = [city for cluster in clusters() for city in cluster.cities]
    return {normalize(name): city.time_zone for city in cities for name in (city.name_en, city.name_es)}


def _city(row: dict[str, str]) -> City:
    return City(
        name=row["city"],
        region=row["region"],
        time_zone=row["time_zone"],
        name_en=row["city_en"],
        name_es=row["city_es"],
        region_en=row["region_en"],
        region_es=row["region_es"],
    )
