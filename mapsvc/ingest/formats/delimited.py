"""Delimited text as rows: CSV and its relatives, whatever the extension says. Runs in the child."""

import csv
import re
import statistics
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from mapsvc.errors import FileRefused
from mapsvc.ingest.formats import encodings

Numbered = tuple[int, list[str | None]]

DELIMITERS = ",;\t|$:^"
MOSTLY = 0.5
_SAMPLE = 256 * 1024
_SAMPLE_RECORDS = 60
_LONGEST_CELL = 4 * 1024 * 1024
"""Characters: a boundary as WKT fits, a file that is one open quotation does not."""
_MOST_BREAKS = 50
"""Line breaks in one cell; more is a quotation mark that was never closed."""
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.I | re.S)


class Delimited:
    """The records of one delimited file; `notes` is complete when `rows` is at its end."""

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        self.delimiter, self._has_separator_line = _sniffed(path, name)
        self._text = encodings.opened(path, name)

    @property
    def notes(self) -> list[str]:
        notes = self._text.notes
        if self.delimiter != ",":
            word = {"\t": "tab", ";": "semicolon", "|": "bar"}.get(self.delimiter, self.delimiter)
            notes = [*notes, f"The columns are separated by {word}."]
        return notes

    def rows(self) -> Iterator[Numbered]:
        """Row number as a spreadsheet shows it, and cells: trimmed text or None.

        Raises
        ------
        FileRefused : when the file ends inside a quotation.
        """
        with self._text.stream as stream:
            lines = _Lines(stream, self._name)
            if self._has_separator_line:
                next(lines)
            for number, record in enumerate(_records(lines, self.delimiter), start=1):
                if record:
                    yield number, [_cell(text) for text in record]


def _sniffed(path: Path, name: str) -> tuple[str, bool]:
    """The delimiter, and whether the first line says which it is (`sep=;`, as Excel writes)."""
    with encodings.opened(path, name).stream as stream:
        sample = stream.read(_SAMPLE)
    first = re.split(r"\r\n|\r|\n", sample, maxsplit=1)[0]
    if line := _SEPARATOR_LINE.fullmatch(first):
        return line[1], True
    return delimiter_of(sample), False


def delimiter_of(sample: str) -> str:
    """The one of DELIMITERS that cuts the sample into the evenest columns; a comma in doubt."""
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (0.0, 0) else ","


def looks_like_a_table(sample: str) -> bool:
    """Whether most records have the same number of cells, two at least; or each a single word, as
    in a list of USRNs.
    """
    if max(_evenness(sample, delimiter)[0] for delimiter in DELIMITERS) > MOSTLY:
        return True
    lines = [line for line in sample.splitlines()[:_SAMPLE_RECORDS] if line.strip()]
    return len(lines) > 1 and all(len(line.split()) == 1 for line in lines)


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of records with the usual number of cells, and that number; (0, 0) for one."""
    lines = sample.splitlines(keepends=True)
    reader = csv.reader(lines[: _SAMPLE_RECORDS * 3], delimiter=delimiter)
    try:
        records = [record for record in islice(reader, _SAMPLE_RECORDS) if any(record)]
    except csv.Error:
        return 0.0, 0
    widths = [len(record) for record in records]
    usual = statistics.mode(widths) if widths else 1
    least = 3 if delimiter in "$:^" else 2  # prices and times are no columns
    if usual < least:
        widest = sorted(widths)[len(widths) // 2] if widths else 1
        return (0.0, 0) if widest < least else (0.1, widest)
    return round(widths.count(usual) / len(widths), 1), usual


class _Lines:
    """The lines of a stream, without NUL, knowing whether the stream has ended."""

    def __init__(self, stream: Iterator[str], name: str) -> None:
        self._stream = stream
        self._name = name
        self.given = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._stream, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.given += 1
        return line.replace("\x00", "") if "\x00" in line else line


def _records(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        before = lines.given
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise FileRefused("open_quotation", file=lines._name, row=number) from None
        # A reader that asked for a line after the last one was inside a quotation
        if (lines.ended and lines.given > before) or lines.given - before > _MOST_BREAKS:
            raise FileRefused("open_quotation", file=lines._name, row=number)
        yield record


def _cell(text: str) -> str | None:
    return text.strip(" \t\r\n\f\v\xa0\ufeff\u200b") or None
