"""The entry of a code in a table of words: what is wrong, and the next step of each reader."""

from dataclasses import dataclass
from enum import Enum


class Reader(Enum):
    """Who reads a message, and what they have at hand.

    RESIDENT reads a page or a letter; STAFF a page for staff; TERMINAL whoever runs the command
    (its `--json` too); MACHINE the programs that ask our API.
    """

    RESIDENT = "resident"
    STAFF = "staff"
    TERMINAL = "terminal"
    MACHINE = "machine"

    __hash__ = object.__hash__  # of its identity: Enum's own hashes the name each time


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said for one code. `{fact}` stands for a fact; the forms are in `catalogue`.

    Parameters
    ----------
    what : what is wrong, with the value; may be empty where the next step says it all
    then : the next step, the same for everybody
    page, terminal, machine : the next step on a page, on the terminal, in an answer of the API,
        where it is not `then`; an answer of the API says what a page says if it has none
    public : all that is said on pages and by the API, where `what` is for the terminal alone: it
        names a path, a host, an option or a setting
    resident : all that residents read, where staff read something else
    """

    what: str
    then: str = ""
    page: str | None = None
    terminal: str | None = None
    machine: str | None = None
    public: str | None = None
    resident: str | None = None

    def text_for(self, reader: Reader) -> str:
        """The text for one reader, its facts not filled in."""
        match reader:
            case Reader.TERMINAL:
                return _joined(self.what, self.then if self.terminal is None else self.terminal)
            case Reader.STAFF if self.public is not None:
                return self.public
            case Reader.STAFF:
                return _joined(self.what, self.then if self.page is None else self.page)
            case Reader.MACHINE if self.machine is not None:
                return _joined(self.what, self.machine)
            case _ if self.resident is not None:
                return self.resident
            case _:
                return self.text_for(Reader.STAFF)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
