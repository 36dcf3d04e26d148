"""Wording that are not ours."""

from mapsvc.messages.words import Wording

WORDS = {
    "a_keeper": Wording("a keeper"),
    "a_place": Wording("a place"),
    "a_street": Wording("a street"),
    "an_area": Wording("an area"),
    "in_file": Wording("{file}: {problem}"),
    "in_row": Wording("{file}, row {row}: {problem}"),
    "of_boundaries": Wording("boundaries"),
    "of_keepers": Wording("keepers"),
    "of_places": Wording("places"),
    "of_streets": Wording("streets"),
    "said": Wording("{words}"),
}
