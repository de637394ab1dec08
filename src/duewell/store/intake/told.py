"""What files tell of a customer, put together with what was known."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from duewell.core.intake import CustomerRow


class Details(NamedTuple):
    """What is known of a party, as in the columns of these names. Blank is "", for the kind `unknown`."""

    name: str
    given_name: str
    family_name: str
    salutation: str
    kind: str
    language: str
    country: str
    region: str
    zone: str

    @property
    def whereabouts(self) -> tuple[str, str, str]:
        """Country, region and zone: what the hours of contact hang on."""
        return self.country, self.region, self.zone


_Placed = TypeVar("_Placed", CustomerRow, Details)


def details(row: CustomerRow) -> Details:
    """What a row tells, as a party keeps it."""
    return Details(
        row.name,
        row.first_name,
        row.last_name,
        row.salutation,
        row.kind or "unknown",
        row.language,
        row.country,
        row.region,
        row.zone,
    )


def merged(before: Details, row: CustomerRow, *, tells: bool) -> Details:
    """What is known of a customer after a row.

    Args:
        tells: the file is about customers, so what it says replaces what was known; otherwise it only adds what
            nobody had said yet.
    """
    told = details(row)
    # The zone of one place would let us write in the middle of the night of another.
    if tells:
        had, says = _about(told, before), told
    else:
        had, says = before, _about(before, told)
    after = Details._make(_joined(one, other, tells=tells) for one, other in zip(had, says, strict=True))
    nameless = row.name == row.number or not (row.number or tells)
    # A file without names calls its customers by their numbers: that is no new name.
    return after._replace(name=before.name) if nameless and before.name else after


def folded(first: CustomerRow, later: CustomerRow) -> CustomerRow:
    """What two rows of a file say of one customer: each thing as the first says it that says it."""
    name = later.name if first.name == first.number else first.name
    said = CustomerRow._make(one or other for one, other in zip(first, _about(first, later), strict=True))
    return said._replace(name=name)


def _joined(had: str, says: str, *, tells: bool) -> str:
    said = "" if says == "unknown" else says
    return (said or had) if tells or had in ("", "unknown") else had


def _about(place: _Placed, said: _Placed) -> _Placed:
    """What is said, without the region and zone where they are those of another place."""
    if place.country and said.country and said.country != place.country:
        return said._replace(region="", zone="")
    if place.region and said.region and said.region != place.region:
        return said._replace(zone="")
    return said
