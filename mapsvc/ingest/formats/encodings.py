"""The text of a file whose encoding nobody wrote down: UTF-8, UTF-16 or Windows cp1252."""

import codecs
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mapsvc.errors import FileRefused

_SAMPLE = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


@dataclass(slots=True)
class Text:
    """A file opened as text, line ends as they are; `notes` is complete at its end."""

    stream: io.TextIOWrapper
    encoding: str
    windows_bytes: list[int] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        if self.windows_bytes:
            return ["Read as Windows text (cp1252), as it is not UTF-8."]
        if not self.encoding.startswith("utf-8"):
            return [f"Read as {self.encoding.upper()}."]
        return []


def opened(path: Path, name: str) -> Text:
    """The file as text.

    A byte that is not UTF-8 is read as cp1252, so a file may mix the two, as exports that were
    edited by hand do.

    Raises
    ------
    FileRefused : when it is no text.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    encoding = encoding_of(sample)
    if encoding.startswith("utf-8"):
        _refuse_binary(sample, name)
    windows_bytes: list[int] = []
    handler = f"mapsvc-cp1252-{id(windows_bytes)}"
    codecs.register_error(handler, _cp1252(windows_bytes))
    errors = handler if encoding.startswith("utf-8") else "replace"
    stream = io.TextIOWrapper(path.open("rb"), encoding, errors, newline="")
    return Text(stream, encoding, windows_bytes)


def encoding_of(sample: bytes) -> str:
    """The name of the codec, judged by the byte order mark or where the zero bytes are."""
    for mark, codec in _BOMS:
        if sample.startswith(mark):
            return codec
    # Text in western letters has a zero in nearly every second byte of UTF-16
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.4 * half and even < 0.1 * half and _is_text(sample, "utf-16-le"):
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half and _is_text(sample, "utf-16-be"):
        return "utf-16-be"
    return "utf-8"


def _is_text(sample: bytes, encoding: str) -> bool:
    letters = sample.decode(encoding, "replace")
    return sum(ord(letter) in _CONTROLS for letter in letters) < 0.02 * len(letters)


def _refuse_binary(sample: bytes, name: str) -> None:
    controls = sum(byte in _CONTROLS for byte in sample)
    # a stray NUL or two occurs in exports of old databases; one byte in fifty is no text
    if controls > max(2, len(sample) // 50):
        raise FileRefused("file_not_text", file=name)


def _cp1252(seen: list[int]) -> Callable[[UnicodeError], tuple[str, int]]:
    def decode(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        wrong = error.object[error.start : error.end]
        if not seen:
            seen.append(error.start)
        return "".join(_windows_letter(byte) for byte in wrong), error.end

    return decode


def _windows_letter(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)
