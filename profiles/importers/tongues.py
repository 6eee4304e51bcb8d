"""Names of languages in English and Spanish, compared plain."""

from __future__ import annotations

import re

from profiles.importers.comparing import plain

_NAMES = re.compile(
    r"marathi|swedish|sueco|norwegian|noruego|danish|danes|finnish|finlandes|greek|griego|czech|checo|hungarian|hungaro|"
    r"romanian|rumano|ukrainian|ucraniano|vietnamese|vietnamita|thai|tailandes|tamil|telugu|gujarati|punjabi|bengali|"
    r"urdu|persian|persa|farsi|tagalog|filipino|indonesian|malay|swahili|cantonese|cantones|kannada|malayalam|"
    r"purepecha|mazahua|totonaco|huichol|tarahumara|raramuri|quechua|guarani|creole|croatian|croata|serbian|serbio|"
    r"bulgarian|bulgaro|slovak|lithuanian|latvian|estonian|euskera|basque|gallego|galician|latin|ingles americano|"
    r"espanhol|frances|alemao|"
    r"lenguaje de senas mexicana|lsm|asl|"
    r"english|ingles|spanish|espanol|castellano|french|frances|german|aleman|portuguese|portugues|italian|italiano|"
    r"chinese|chino|mandarin|japanese|japones|korean|coreano|russian|ruso|arabic|arabe|nahuatl|maya|dutch|holandes|"
    r"hindi|catalan|hebrew|hebreo|polish|polaco|turkish|turco|zapoteco|mixteco|otomi|tzotzil|tzeltal"
)


def is_language(word: str) -> bool:
    """Tell whether a word is the name of a language."""
    return bool(_NAMES.fullmatch(plain(word)))


def names_language(text: str) -> bool:
    """Tell whether the name of a language stands in a text."""
    return any(is_language(word) for word in re.split(r"[\s,;:()/|•·]+", text))
