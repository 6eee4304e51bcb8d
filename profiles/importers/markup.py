"""The HTML that Europass keeps descriptions in, as plain text."""

from __future__ import annotations

import html
from html.parser import HTMLParser


class _Markup(HTMLParser):
    """Text of the HTML that Europass keeps descriptions in: paragraphs apart, items of lists apart from them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = [""]
        self.items: list[str] = []
        self._in_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self._in_item = True
            self.items.append("")
        elif tag in {"p", "br", "div"} and not self._in_item:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "li":
            self._in_item = False
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        if self._in_item:
            self.items[-1] += data
        else:
            self.paragraphs[-1] += data


def plain_text(markup: str) -> tuple[str, list[str]]:
    """Return the paragraphs and the list items of a text that may hold HTML, once or twice escaped."""
    parser = _Markup()
    parser.feed(html.unescape(markup) if "&lt;" in markup else markup)
    parser.close()
    paragraphs = [" ".join(text.split()) for text in parser.paragraphs]
    items = [" ".join(text.split()) for text in parser.items]
    return "\n".join(text for text in paragraphs if text), [text for text in items if text]
