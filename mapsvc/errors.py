"""The errors a person can act on, one tree. Problems inside a file are in `problems`, not here."""

from dataclasses import dataclass
from datetime import datetime

from mapsvc.messages.catalogue import Fact, Message, as_message
from mapsvc.messages.words import Reader


class MapsvcError(Exception):
    """Something a person can act on: a message, which `web` and `cli` tell their readers.

    Raised with a code of the catalogue and its facts, `NotFound("no_street", street="20509999")`,
    or with a message. As text it is what the terminal says.
    """

    def __init__(self, code: str | Message, /, **facts: Fact) -> None:
        self.message = as_message(code, facts)
        super().__init__(self.message)

    def told(self, reader: Reader) -> str:
        """The words for a reader."""
        return self.message.told(reader)


class SettingError(MapsvcError):
    """A setting in the environment that cannot be used; names its key."""


class WrongCrs(MapsvcError):
    """Coordinates that cannot be in the coordinate reference system they are said to be in."""


class NotFound(MapsvcError):
    """A street, edition, verge or event that is not there."""


class StreetMoved(NotFound):
    """A street that has another id in the published gazetteer; its old address leads there."""

    def __init__(self, old_id: str, new_id: str) -> None:
        super().__init__("street_moved", street=old_id, new=new_id)
        self.old_id, self.new_id = old_id, new_id


class BadRequest(MapsvcError):
    """A parameter that cannot be used; `parameter` is its name as the person wrote it."""

    def __init__(self, parameter: str, code: str | Message, /, **facts: Fact) -> None:
        super().__init__(code, **facts)
        self.parameter = parameter


class FileRefused(MapsvcError):
    """A file from outside that cannot be read as what it was given for; nothing was published."""


class MarkRefused(MapsvcError):
    """A mark or withdrawal that cannot be recorded as given."""


class UnlikelyMark(MarkRefused):
    """A mark that cannot well be true: recorded only by somebody who says that it is."""


@dataclass(frozen=True, slots=True)
class Rival:
    """What somebody else published first: the edition, who made it the current one, and when."""

    edition: int
    by: str
    at: datetime


class EditionConflict(MapsvcError):
    """Somebody else published or marked in between; nothing of this publication was kept.

    `rival` is None where it was a mark.
    """

    def __init__(self, code: str | Message, /, rival: Rival | None = None, **facts: Fact) -> None:
        super().__init__(code, **facts)
        self.rival = rival


class FieldRefused(MapsvcError):
    """What somebody filled in and cannot be taken; `field` is where, empty for the whole form."""

    def __init__(self, code: str | Message, /, field: str = "", **facts: Fact) -> None:
        super().__init__(code, **facts)
        self.field = field


class IssueRefused(FieldRefused):
    """A report, or a step in the life of an issue, that cannot be taken as given."""


class TooMany(MapsvcError):
    """More requests than somebody may send; later ones are welcome."""


class AccountRefused(FieldRefused):
    """An account, a role or a password that cannot be had."""


class SignInRefused(MapsvcError):
    """Somebody who did not show who they are."""


class NotAllowed(MapsvcError):
    """Something that the role of whoever is signed in may not do, or a form that is not theirs."""


class BackupRefused(MapsvcError):
    """A backup that cannot be written where it was asked for, or not be restored from."""


class StoreUnavailable(MapsvcError):
    """The store cannot be read or written now."""
