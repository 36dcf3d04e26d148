"""What is said of a file before anything is known of what it holds: kinds, limits, damage."""

from mapsvc.messages.words import Wording

WORDS = {
    "formula_without_value": Wording(
        "Cell {cell} holds a formula that was never calculated, so it was read as empty.",
        "Open the file in Excel and save it again.",
    ),
    "no_such_heading": Wording(
        'No column of these files is headed "{heading}".',
        "Write the heading as it stands in the file.",
    ),
    "too_many_cells": Wording(
        "This row has {cells:cell|cells} under {headings:heading|headings}, so it was left out.",
        "Put text that contains the separator into quotation marks.",
    ),
}
