"""What keeps Hireloom from starting, in words for whoever runs it.

StartError
├── DatabaseUnavailableError   PostgreSQL cannot be reached, started or used
├── DatabaseNewerError         the database was made by a later version
├── MasterKeyError             the master key is missing, unreadable or another one
└── (SealBrokenError lives in `seal`: it is found at work, not at start)
"""


class StartError(Exception):
    """`what` says what is wrong, `todo` what the operator can do; neither holds a secret."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what} {todo}")
        self.what = what
        self.todo = todo


class DatabaseUnavailableError(StartError):
    """`may_pass`: nobody need do anything, it may be there in a moment."""

    def __init__(self, what: str, todo: str, *, may_pass: bool = False) -> None:
        super().__init__(what, todo)
        self.may_pass = may_pass


class DatabaseNewerError(StartError):
    pass


class MasterKeyError(StartError):
    pass
