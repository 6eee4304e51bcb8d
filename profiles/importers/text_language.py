"""Which language a text is in, by words that occur in one of them only."""

from __future__ import annotations

import re

SUPPORTED = ("en", "es")

# The commonest words of each language that the others do not share, and what résumés are full of.
_WORDS = {
    "en": "the and of with for from team using led developed managed worked years experience by to skills is are was",
    "es": (
        "el los las del y con para una por más años que se desarrollo experiencia equipo manejo mediante proyectos "
        "conocimientos desarrollé lideré implementación gestión también es la sistemas empresa hasta desde"
    ),
    "pt": (
        "não uma do da dos das em com para ao à é são também experiência desenvolvimento gestão equipe anos sistemas "
        "formação habilidades idiomas português pelo pela mais projetos atuação até conhecimento inglês e o os"
    ),
    "fr": "le les des et avec pour une dans sur du au aux développement expérience équipe gestion années est par en",
    "de": "der die das und mit für von bei im den des ein eine entwicklung erfahrung kenntnisse jahre ist auf zur",
    "it": "il lo gli della dei delle e con per una nel sviluppo esperienza gestione anni competenze anche sono di",
}
_LEXICON = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_TOKEN = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 12
_MOST_WORDS = 4000


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language (``en, es, pt, fr, de, it``), empty when the words do not tell.

    Words that two languages share count for both, so what decides is what only one of them has.
    """
    tokens = [token.lower() for token in _TOKEN.findall(text)[:_MOST_WORDS]]
    scores = {language: sum(token in words for token in tokens) for language, words in _LEXICON.items()}
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (best, score), (_second, runner_up) = ranked[0], ranked[1]
    if score == 0 or score == runner_up:
        return _by_letters(text)
    return best


def is_foreign(text: str) -> str:
    """Return the language of a whole résumé when it is surely none that we read, and empty otherwise.

    Surely means: enough words, and a third more of that language than of English or Spanish.
    """
    tokens = [token.lower() for token in _TOKEN.findall(text)[:_MOST_WORDS]]
    if len(tokens) < _FEWEST_WORDS:
        return ""
    scores = {language: sum(token in words for token in tokens) for language, words in _LEXICON.items()}
    ours = max(scores[language] for language in SUPPORTED)
    best = max(scores, key=lambda language: scores[language])
    return best if best not in SUPPORTED and scores[best] >= 6 and scores[best] > 1.33 * ours else ""


def _by_letters(text: str) -> str:
    """Decide short texts by letters that one language has: a headline holds few words."""
    if re.search(r"[ãõ]|ções|ção", text.lower()):
        return "pt"
    return "es" if re.search(r"[ñ¿¡áéíóú]", text.lower()) else ""
