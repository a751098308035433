"""Every error that mnemic raises on purpose, in one tree.

    MnemicError
    ├── InputError              what the caller gave cannot be used
    │   ├── TimestampError      a time that cannot be read
    │   ├── ScopeError          no scope, or a scope that is not there
    │   └── FilterError         a filter with an unknown operator or a wrong shape
    ├── NotFound                no record, change or job has this id
    │   └── Forgotten           it was erased, and cannot come back
    ├── Stale                   a record is no longer at the version the caller expected
    ├── SourceError             a file of the world cannot be read
    ├── StoreError              the database cannot serve
    │   ├── NotADatabase        the file is something else, or damaged
    │   ├── NewerSchema         written by a later version of mnemic
    │   ├── Busy                another process holds the write lock for too long
    │   ├── ReadOnly            the file or its folder cannot be written
    │   ├── DiskFull            no space left
    │   ├── WrongPlace          a network or synced folder, where SQLite's locks do not hold
    │   ├── WrongKey            the file is sealed with another key, or with none
    │   └── Closed              closed, forked, or the file is gone
    └── ModelError              an encoder failed
        └── MissingExtra        a part that is not installed; names the command

Each message says what happened, with which value, and what to do. The three parts are kept apart
by a rule, not by fields: `what: value. Remedy`, so that every surface prints the same sentence.
"""


class MnemicError(Exception):
    """The root: `except mnemic.MnemicError` catches what mnemic raises on purpose."""


class InputError(MnemicError, ValueError):
    """What the caller gave cannot be used."""


class TimestampError(InputError):
    """A time that cannot be read."""


class ScopeError(InputError):
    """No scope was given where several exist, or the one given is not there."""


class FilterError(InputError):
    """A filter with an unknown operator or a wrong shape."""


class NotFound(MnemicError, LookupError):
    """Nothing has this id."""


class Forgotten(NotFound):
    """It was erased on request and cannot come back."""


class Stale(MnemicError):
    """A record is no longer at the version that the caller expected."""


class SourceError(MnemicError):
    """A file of the world cannot be read."""


class StoreError(MnemicError):
    """The database cannot serve."""


class NotADatabase(StoreError):
    """The file is something else, or damaged."""


class NewerSchema(StoreError):
    """The file was written by a later version of mnemic."""


class Busy(StoreError):
    """Another process held the write lock for longer than the timeout."""


class ReadOnly(StoreError):
    """The file or its folder cannot be written."""


class DiskFull(StoreError):
    """No space is left for a write; nothing of it was kept."""


class WrongPlace(StoreError):
    """A network or synced folder, where file locks do not protect a database."""


class WrongKey(StoreError):
    """The file is sealed with another key than the one that was given, or with none."""


class Closed(StoreError):
    """The handle was closed, is used after a `fork`, or its file was deleted or replaced."""


class ModelError(MnemicError):
    """An encoder failed."""


class MissingExtra(ModelError):
    """A part that is not installed; the message names the command that installs it."""
