"""What reading a résumé can meet, in sentences: why a file was refused, and what was odd about one that was read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Text

FAILURES: dict[str, Text] = {
    "empty_file": _("The file is empty."),
    "unknown_format": _("This is none of PDF, DOCX, JSON Resume, Europass XML or Europass JSON."),
    "legacy_word": _("This is an old Word file; save it as DOCX or PDF."),
    "password_protected": _("The file is protected by a password; save it without one."),
    "damaged_file": _("The file is damaged and cannot be opened."),
    "not_a_document": _("This archive is not a Word document."),
    "no_text": _("The file holds no text, only pictures of it; export it from the program it was written in."),
    "too_many_pages": _("A résumé has at most %(most)s pages."),
    "too_large_inside": _("The file unpacks to more than a résumé can hold."),
    "too_many_elements": _("The file has more parts than a résumé can hold."),
    "forbidden_xml": _("XML with a document type declaration is not accepted."),
    "malformed_xml": _("This is not valid XML; see line %(line)s, column %(column)s."),
    "malformed_json": _("This is not valid JSON; see line %(line)s, column %(column)s."),
    "too_deep": _("The file is nested too deeply."),
    "not_an_object": _("A JSON Resume is an object with members such as “basics” and “work”."),
    "not_a_resume": _("Nothing of a résumé was found: no position, no study, no skill, no contact."),
    "unsupported_language": _("This résumé is in a language that is not read here; upload it in English or Spanish."),
    "took_too_long": _("Reading the file took too long and was stopped."),
    "too_much_memory": _("Reading the file took too much memory and was stopped."),
    "reader_died": _("The file brought its reader down; it was not read."),
    "reader_lost": _("The file could not be read after several attempts."),
    "reader_failed": _("Something went wrong on our side, several times; try again later."),
}
NOTICES: dict[str, Text] = {
    "encoding_guessed": _("The text is not UTF-8 and was read as Windows-1252."),
    "characters_removed": _("Characters that cannot be stored were left out."),
    "hidden_characters_removed": _("Invisible characters were left out."),
    "particulars_left_out": _("Tax identifiers, age, marital status and the like were left out."),
    "former_field": _("This is an older name of “%(now)s”."),
    "unknown_field": _("JSON Resume has no such section; it is kept as it stands."),
    "converted": _("This was brought into the form that JSON Resume wants."),
    "wrong_type": _("This is of the wrong kind and was left out."),
    "unreadable_date": _("This is no date that can be read."),
    "text_cut": _("The text was read up to %(most)s characters."),
    "unreadable_page": _("Page %(page)s cannot be read."),
    "section_not_read": _("Nothing could be read in this section."),
    "title_and_employer_unsure": _("Which part is the title and which the employer is a guess."),
    "position_incomplete": _("A position needs an employer, a title and dates; it is kept as text."),
    "dates_reversed": _("It ends before it starts; it is kept as text."),
    "in_the_future": _("It starts in the future; it is kept as text."),
    "shortened": _("This is longer than the profile holds; it was shortened there and kept whole here."),
    "unsupported_language": _("This text is neither English nor Spanish; it is kept as it stands."),
    "language_without_level": _("No level is stated for this language; it is kept as text."),
    "certificate_without_date": _("A certificate needs the day it was issued; it is kept as text."),
    "too_many_positions": _("A profile has at most %(most)s positions; it is kept as text."),
    "too_many_skills": _("A profile has at most %(most)s skills; it is kept as text."),
    "too_many_parts": _("At most %(most)s parts are read."),
    "language_not_read": _(
        "This résumé seems to be in a language that is not read here; check every part of it, or upload it in English "
        "or Spanish."
    ),
    "more_notices": _("There are more remarks than are listed."),
}


def sentence(code: str, data: dict[str, Any], *, failure: bool = True) -> Text:
    """Return the sentence of a failure or, with ``failure`` false, of a notice, in the reader's language."""
    text = str((FAILURES if failure else NOTICES)[code])
    return text % data if "%(" in text else text
