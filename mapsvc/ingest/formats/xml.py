"""XML from outside in one streaming pass, without DTD and without entities. Runs in the child."""

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from mapsvc.errors import FileRefused
from mapsvc.messages.catalogue import Message

Start = Callable[[str, dict[str, str]], None]
_CHUNK = 256 * 1024


def parse(
    file: IO[bytes],
    name: str,
    start: Start | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start`, `end` and `text` for every element; without them the file alone is checked.

    Raises
    ------
    FileRefused : when it has a DTD (entities grow, or fetch other files), or is not well formed.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refusing_doctype(name)
    if start is not None:
        parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused(_malformed(name, error)) from None


def _refusing_doctype(name: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise FileRefused("xml_with_doctype", file=name)

    return refuse


def _malformed(name: str, error: expat.ExpatError) -> Message:
    if error.code in (expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
                      expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]):  # fmt: skip
        return Message("xml_cut_short_after", file=name, line=error.lineno)
    return Message("xml_damaged", file=name, line=error.lineno, character=error.offset + 1)
