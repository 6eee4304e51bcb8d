"""How well the look-up turns text into skills: ``python -m bench.lookup`` (``-v`` lists what failed).

``variants.csv``: names as people write them on forms, made by hand in eight rounds; what a round missed led to rules
and aliases, so that the share told is that of a set the look-up has learned from. At first sight the fourth round was
87 % right and 1.6 % wrong, the fifth 81 % and 5.6 %, the sixth 84 % and 3.9 %, the seventh 85 % and 1.8 %, and the
eighth, of job titles, 83 % and 5.7 % (one of two skills meant); with five suggestions 97, 97 and 94 % held the right
skill. Two sets that somebody else wrote, and which are not kept here, were at first sight, labels and aliases together,
97 % right and 1.0 % wrong, their typos all first among the suggestions, and 2 of 141 look-alikes taken. ``onet.csv``:
technologies as the O*NET list spells them (the README of the taxonomy has its terms), marked by hand before they were
looked up: 78 % were right and 1 % wrong at first sight, before the rules for makers and spelled-out acronyms.
``typos.csv``: slips seen in real life, by hand. Perturbed names: one slip of the keyboard, drawn with a fixed seed, in
a name of at least five letters. ``traps.csv``: text that looks like a skill and is another one or none.
"""

from __future__ import annotations

import csv
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from profiles.taxonomy.lookup import Lookup
from profiles.taxonomy.source import read_taxonomy, read_words_to_ask_about
from profiles.taxonomy.text import normalize

DATA = Path(__file__).resolve().parent / "lookup"
SEED = 20270111
SLIPS = 1_500
SHORTEST_SLIPPED = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Case = tuple[str, str]


@dataclass(frozen=True)
class Figures:
    """Shares of a set: ``right``, ``wrong`` (another skill taken for certain), ``offered`` (right, or among the first
    five suggestions); processor time in milliseconds, mean and 95th percentile.
    """

    cases: int
    right: float
    wrong: float
    offered: float
    milliseconds: float
    p95: float
    failures: tuple[str, ...]


def read(name: str) -> list[Case]:
    """Return the pairs of text and code of one of the CSV files; an empty code means that nothing must be found."""
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return [(row["text"], row["code"]) for row in csv.DictReader(handle)]


def names() -> list[Case]:
    """Return every preferred name and alias in the ways that clean text varies: case, accents, hyphens.

    Words that a field asks about (``ordinary_words.csv``) only as they are written.
    """
    found = []
    asked_about = {normalize(word) for word in read_words_to_ask_about()}
    for entry in read_taxonomy().entries:
        for name in (entry.name_en, entry.name_es):
            found += [
                (written, entry.code)
                for written in (name, name.upper(), normalize(name), name.replace(" ", "-"))
                if written == name or normalize(name) not in asked_about
            ]
        written_only = {alias.name for alias in entry.aliases if alias.as_written}
        written_only |= {alias.name for alias in entry.aliases if normalize(alias.name) in asked_about}
        for alias in entry.aliases:
            found.append((alias.name, entry.code))
            if alias.name not in written_only:
                found.append((normalize(alias.name), entry.code))
    return found


def slipped(seed: int = SEED, count: int = SLIPS) -> list[Case]:
    """Return names with one slip each: a letter dropped, doubled, replaced, or swapped with its neighbor."""
    rng = random.Random(seed)
    lookup = Lookup(read_taxonomy().entries)
    pool = [
        (name, entry.code)
        for entry in read_taxonomy().entries
        for name in entry.names
        if sum(sign.isalpha() for sign in name) >= SHORTEST_SLIPPED
    ]
    found: list[Case] = []
    while len(found) < count:
        name, code = rng.choice(pool)
        text = _slip(name, rng)
        # A slip that makes another known name ("MIPS" to "GIPS") is no typo that anybody could mend.
        if normalize(text) != normalize(name) and lookup.find(text) is None:
            found.append((text, code))
    return found


def _slip(name: str, rng: random.Random) -> str:
    place = rng.choice([index for index, sign in enumerate(name[:-1]) if sign.isalpha()])
    return {
        0: name[:place] + name[place + 1 :],
        1: name[:place] + name[place] + name[place:],
        2: name[:place] + rng.choice(LETTERS) + name[place + 1 :],
        3: name[:place] + name[place + 1] + name[place] + name[place + 2 :],
    }[rng.randrange(4)]


def measure(cases: Sequence[Case], lookup: Lookup, answer: Callable[[str], tuple[str, bool]]) -> Figures:
    """Return the figures of ``answer``, which gives the code (or nothing) and whether it was taken for certain."""
    right = wrong = offered = 0
    failures = []
    times = []
    for text, code in cases:
        began = time.thread_time()
        given, certain = answer(text)
        times.append(1000 * (time.thread_time() - began))
        right += given == code
        wrong += certain and given != code
        offered += given == code or code in [near.code for near in lookup.suggest(text)]
        if given != code:
            failures.append(f"{text} -> {given or '-'} (should be {code or '-'})")
    count = len(cases)
    p95 = sorted(times)[int(0.95 * count)]
    return Figures(count, right / count, wrong / count, offered / count, sum(times) / count, p95, tuple(failures))


def certain(lookup: Lookup) -> Callable[[str], tuple[str, bool]]:
    """Return the answer that is taken without asking."""

    def answer(text: str) -> tuple[str, bool]:
        match = lookup.find(text)
        return (match.code, True) if match else ("", False)

    return answer


def certain_or_first(lookup: Lookup) -> Callable[[str], tuple[str, bool]]:
    """Return the certain answer or else the first suggestion, which somebody still has to confirm."""

    def answer(text: str) -> tuple[str, bool]:
        if match := lookup.find(text):
            return match.code, True
        near = lookup.suggest(text, limit=1)
        return (near[0].code if near else ""), False

    return answer


def figures() -> dict[str, Figures]:
    """Measure every set."""
    lookup = Lookup(read_taxonomy().entries)
    return {
        "names and aliases": measure(names(), lookup, certain(lookup)),
        "variants by hand": measure(read("variants.csv"), lookup, certain(lookup)),
        "names of O*NET": measure(read("onet.csv"), lookup, certain(lookup)),
        "typos by hand": measure(read("typos.csv"), lookup, certain_or_first(lookup)),
        "slips by chance": measure(slipped(), lookup, certain_or_first(lookup)),
        "look-alikes": measure(read("traps.csv"), lookup, certain(lookup)),
    }


def main() -> None:
    out = sys.stdout.write
    began = time.process_time()
    Lookup(read_taxonomy().entries)
    out(f"built in {time.process_time() - began:.2f} s\n")
    out(f"{'set':<20}{'cases':>7}{'right':>9}{'wrong':>9}{'offered':>9}{'ms each':>9}{'p95':>9}\n")
    for name, each in figures().items():
        out(f"{name:<20}{each.cases:>7}{each.right:>9.1%}{each.wrong:>9.1%}{each.offered:>9.1%}")
        out(f"{each.milliseconds:>9.3f}{each.p95:>9.3f}\n")
        if "-v" in sys.argv:
            out("".join(f"    {failure}\n" for failure in each.failures))


if __name__ == "__main__":
    main()
