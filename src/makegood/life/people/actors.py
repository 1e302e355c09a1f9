"""Who did it: the plain value that every verb takes as ``by`` and every ledger entry keeps."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """``kind`` is agent, contact or system; ``id`` the row's, None for the system; ``name`` as shown then."""

    kind: str
    id: int | None
    name: str
    role: str = ""

    @property
    def is_staff(self) -> bool:
        return self.kind == "agent"


SYSTEM = Actor("system", None, "Makegood")
