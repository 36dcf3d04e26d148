"""Wording that are not ours."""

from mapsvc.messages.words import Wording

WORDS = {
    "said": Wording("{words}"),
}
