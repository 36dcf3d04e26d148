"""What can be reported: the council's list, a CSV file of its own or the one that ships."""

import csv
import io
from pathlib import Path

from mapsvc import resources
from mapsvc.config import Settings
from mapsvc.domain.issues import Category
from mapsvc.errors import IssueRefused, SettingError

COLUMNS = ("code", "name", "help", "urgent", "about_cutting", "recipient")
YES_NO = {"yes": True, "no": False, "": False}


def read_categories(settings: Settings) -> tuple[Category, ...]:
    """The categories, in the order of the file.

    Raises
    ------
    SettingError : naming the file, the row and what is wrong
    """
    file = settings.categories or resources.geodata_dir() / "reference" / "categories.csv"
    rows = list(csv.DictReader(io.StringIO(_text(file))))
    if not rows or set(COLUMNS) - set(rows[0]):
        raise SettingError("headings_missing", path=str(file), headings=",".join(COLUMNS))
    found = tuple(_category(file, number, row) for number, row in enumerate(rows, start=2))
    codes = [category.code for category in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise SettingError("category_twice", path=str(file), category=twice)
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError("categories_unreadable", path=str(file), reason=str(error)) from None


def _category(file: Path, number: int, row: dict[str, str | None]) -> Category:
    texts = {name: (row[name] or "").strip() for name in COLUMNS}
    wrong = next((name for name in COLUMNS[3:5] if texts[name].lower() not in YES_NO), None)
    if wrong or not texts["code"] or not texts["name"]:
        raise (
            SettingError("category_not_yes_or_no", path=str(file), row=number, column=wrong)
            if wrong
            else SettingError("category_unnamed", path=str(file), row=number)
        )
    return Category(
        texts["code"],
        texts["name"],
        texts["help"],
        is_urgent=YES_NO[texts["urgent"].lower()],
        is_about_cutting=YES_NO[texts["about_cutting"].lower()],
        recipient=texts["recipient"],
    )


def category_of(categories: tuple[Category, ...], code: str) -> Category:
    """The category of this code. IssueRefused when the list does not have it."""
    found = next((category for category in categories if category.code == code), None)
    if found is None:
        raise IssueRefused("no_category_chosen", field="category")
    return found


def is_about_cutting(categories: tuple[Category, ...], code: str) -> bool:
    """Whether a cut may answer what is reported under a code."""
    return any(category.code == code and category.is_about_cutting for category in categories)


def category_name(categories: tuple[Category, ...], code: str) -> str:
    """What people read for a code; the code itself where the list has it no more."""
    return next((category.name for category in categories if category.code == code), code)
