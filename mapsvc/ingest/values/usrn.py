"""The `Usrn`: a Unique Street Reference Number, cleaned as it enters. No gazetteer here."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from mapsvc.errors import MapsvcError
from mapsvc.ingest.rows import Cell

LONGEST = 8
"""Digits of a USRN (BS 7666-1)."""


class NoUsrn(MapsvcError):
    """Text that cannot be a USRN."""


@dataclass(frozen=True, slots=True, order=True)
class Usrn:
    """A street's number of up to eight digits, as text without leading zeros."""

    text: str

    @classmethod
    def parse(cls, cell: Cell) -> "Usrn | None":
        """The number in a cell as people and spreadsheets write it, None for an empty cell.

        ` 10000001 `, `1.0000001E7`, `10000001.0`, full-width digits and `USRN 10000001` are all
        the same street. Spreadsheets round long numbers to `1E+07`; that is refused, since the
        digits are lost.

        Raises
        ------
        NoUsrn : when it cannot be one.
        """
        if cell is None or isinstance(cell, bool) or not str(cell).strip():
            return None
        text = unicodedata.normalize("NFKC", str(cell)).strip().strip("'\"")
        text = re.sub(r"(?i)^usrn[\s:#]*|[\s,]+", "", text)
        return cls(_digits(text, str(cell)))

    def __str__(self) -> str:
        return self.text


def _digits(text: str, written: str) -> str:
    if text.isascii() and text.isdigit():
        number = int(text) if len(text) <= 2 * LONGEST else -1
    else:
        number = _whole_number(text, written)
    if not 0 < number < 10**LONGEST:
        raise NoUsrn("bad_usrn", value=written[:40], digits=LONGEST)
    return str(number)


def _whole_number(text: str, written: str) -> int:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?(E\+?\d{1,2})?", text, re.IGNORECASE | re.ASCII):
        raise NoUsrn("bad_usrn", value=written[:40], digits=LONGEST)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return -1
    mantissa, _, exponent = text.lower().partition("e")
    if exponent and len(mantissa.partition(".")[2]) < int(exponent) - 1:
        raise NoUsrn("shortened_usrn", value=written[:40])
    return int(number) if number == number.to_integral_value() else -1
