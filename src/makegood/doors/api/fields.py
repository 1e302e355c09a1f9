"""What comes in: the pieces request shapes are made of. Unknown fields are refused, kinds are not guessed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_datetime
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from makegood.life.people.reaching import FEWEST_DIGITS, LONGEST_PHONE, BadPhone, check_phone
from makegood.life.reports.conversation import MAX_BODY

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Taken(BaseModel):
    """The base of everything a body may be."""

    model_config = ConfigDict(extra="forbid")


def read_moment(value: Any) -> Any:
    """A moment in words with its zone, as RFC 3339 has it; never a number."""
    if value is None or isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("Write a moment such as 2026-11-24T15:00:00+01:00.")
    try:
        found = parse_datetime(value.replace("t", "T").replace("z", "Z"))
        if found is None or found.tzinfo is None:
            raise ValueError("no zone")
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Write a moment such as 2026-11-24T15:00:00+01:00.") from None
    if not EARLIEST <= found < LATEST:
        raise ValueError("Name a moment between the years 2000 and 2200.")
    return found


def _email(value: str) -> str:
    try:
        if value:
            validate_email(value)
    except ValidationError:
        raise ValueError("Write an address such as ana@example.org.") from None
    return value


def _phone(value: str) -> str:
    try:
        check_phone(value)
    except BadPhone:
        raise ValueError(f"Write a number of at least {FEWEST_DIGITS} digits, such as +49 30 1234567.") from None
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("Write something.")
    return value


def text(most: int, *, least: int = 0) -> Any:
    """Words of at most ``most`` characters."""
    checks: list[Callable[[str], str]] = [_said] if least else []
    return Annotated[
        str, StringConstraints(strict=True, min_length=least, max_length=most), *map(AfterValidator, checks)
    ]


Moment = Annotated[datetime, BeforeValidator(read_moment)]
Words = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MAX_BODY), AfterValidator(_said)]
Reason = Annotated[str, StringConstraints(strict=True, max_length=4000)]
Line = Annotated[str, StringConstraints(strict=True, max_length=200)]
Slug = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=60)]
Email = Annotated[
    str,
    StringConstraints(strict=True, max_length=254),
    AfterValidator(_email),
    Field(json_schema_extra={"format": "email"}),
]
Phone = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_PHONE), AfterValidator(_phone)]
Flag = StrictBool


class WithWords(Taken):
    """The base of what says words to reporters: a time in them that may be a promise is asked about."""

    times_confirmed: Annotated[
        Flag, Field(description="A time the words may promise (`unclear_time`) is meant as it stands.")
    ] = False

    def as_told(self) -> dict[str, Any]:
        """All of it as the verbs take it: ``asks``, unless such a time was confirmed."""
        return {**self.model_dump(exclude={"times_confirmed"}), "asks": not self.times_confirmed}


Severity = Literal["critical", "high", "medium", "low"]
State = Literal["received", "investigating", "cause_found", "fixing", "solved", "closed"]
Kind = Literal["error", "question"]
ReportNumber = Annotated[
    str, Field(max_length=24, description="`MG-12`, `12`, or the report's key.", examples=["MG-12"])
]
Key = Annotated[str, Field(max_length=24)]
Texts = Annotated[dict[Slug, Annotated[str, StringConstraints(strict=True, max_length=20_000)]], Field(max_length=60)]


def without_defaults(schema: dict[str, Any]) -> None:
    """For shapes whose fields count only when they are given."""
    for one in schema["properties"].values():
        one.pop("default", None)
