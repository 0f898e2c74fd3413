"""The errors of the office, drawn as a tree; each speaks the user's language and board.web maps them to HTTP in one table.

HuiyingError
|- Refused            the request as a whole is not possible (exit code 2 on the command line)
|  |- InvalidInput    a field is wrong: .field names it
|  |- NotAllowed      the role or the person may not do this
|  |- UnknownKey      a program shows no key, or none that works
|  |- NotFound        no such object, or not visible to this person
|  |- Conflict        somebody or something was faster; .current holds the text now stored
|  |- TooMany         a rate limit; .retry_after in seconds
|- NotConfigured      the machine or the settings lack something (exit code 2)
|- Unavailable        database or disk is away for the moment; nothing was written
"""


class HuiyingError(Exception):
    """Base of all errors whose message may be shown to a user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Refused(HuiyingError):
    """The request cannot be carried out as asked."""


class InvalidInput(Refused):
    """A field holds something that cannot be accepted; ``field`` is its name in the form."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(Refused):
    """The person may see the object but may not do this to it."""


class UnknownKey(Refused):
    """A program shows no key where one is needed, or one that is unknown, over or revoked."""


class NotFound(Refused):
    """There is no such object, or this person may not know of it."""


class Conflict(Refused):
    """The object changed since it was read; ``current`` is the text that now stands (or "")."""

    def __init__(self, message: str, current: str = "") -> None:
        super().__init__(message)
        self.current = current


class TooMany(Refused):
    """A limit is used up; ``retry_after`` says in how many seconds to come back."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotConfigured(HuiyingError):
    """The program cannot start as it is set up."""


class Unavailable(HuiyingError):
    """The database or the disk does not answer; nothing was written, a later try may succeed."""
