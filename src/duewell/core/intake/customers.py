"""Customers out of their columns: in a file of customers, or beside every invoice.

Where a column gives a country, zone or language that is not known, it is left empty and remarked once: less is
known then, and the rules of contact are the more careful.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dictionary
from itertools import repeat
from typing import Any, NamedTuple

from duewell.core.intake import fields, keys, languages, readers, texts
from duewell.core.intake.findings import Bad, Remark, Skipped, shown
from duewell.core.intake.frame import Frame, rejected
from duewell.core.intake.gather import Gatherer
from duewell.core.intake.plan import Places, Plan
from duewell.core.intake.readers import Reader
from duewell.core.intake.rows import Batch, CustomerRow
from duewell.core.intake.sift import Sifted, Sifter
from duewell.core.intake.table import Cell
from duewell.core.party.roles import COPIED, Role

_KINDS = {
    **dict.fromkeys(
        "company business organisation organization firma unternehmen geschäftskunde gewerbe".split(), "business"
    ),
    **dict.fromkeys("gewerblich geschäftlich b2b corporate commercial firmenkunde legal".split(), "business"),
    **dict.fromkeys(
        "person individual private consumer privat privatkunde privatperson b2c natürlich".split(), "person"
    ),
    **dict.fromkeys("personal residential verbraucher".split(), "person"),
    **dict.fromkeys("entreprise société empresa azienda bedrijf zakelijk".split(), "business"),
    **dict.fromkeys("particulier particular privato persona pessoa".split(), "person"),
}
_SALUTATIONS = {
    **dict.fromkeys("herr herrn hr mr mister m male männlich monsieur sir".split(), "mr"),
    **dict.fromkeys("sr señor senhor sig signor dhr heer".split(), "mr"),
    **dict.fromkeys("frau fr ms mrs miss w f female weiblich madame mme".split(), "ms"),
    **dict.fromkeys(
        "mlle mademoiselle sra señora srta señorita senhora sig.ra signora mevr mevrouw mw".split(), "ms"
    ),
}
_ROLES = {
    **{str(role).replace("_", " "): str(role) for role in COPIED},
    **dict.fromkeys(("debtor", "customer", "schuldner", "kunde"), ""),
    **dict.fromkeys(("mitschuldner", "gesamtschuldner", "co debtor", "joint"), str(Role.JOINT_DEBTOR)),
    **dict.fromkeys(("bürge", "buerge", "garant", "surety"), str(Role.GUARANTOR)),
    **dict.fromkeys(("zahler", "third party payer"), str(Role.PAYER)),
    **dict.fromkeys(("vertreter", "betreuer", "lawyer", "attorney", "anwalt"), str(Role.REPRESENTATIVE)),
    **dict.fromkeys(("kreditorenbuchhaltung", "buchhaltung", "accounting", "ap"), str(Role.ACCOUNTS_PAYABLE)),
    **dict.fromkeys(("bauleiter", "bauleitung", "site"), str(Role.SITE_MANAGER)),
    **dict.fromkeys(("vertrieb", "außendienst", "sales", "sales rep"), str(Role.SALES_REPRESENTATIVE)),
    **dict.fromkeys(("ansprechpartner", "kontakt", "contact person"), str(Role.CONTACT)),
}
_NO_ROLE = Bad("no role that is known here", f"Write one of {', '.join(COPIED)}; leave it empty for who owes it.")
_NO_ACCOUNT = Bad("a role without an account", "Give the number of the account on which it stands.")
_OF_CUSTOMERS = ("terms", "currency", "role")
_NAMED = {"customer_number": "number", "customer_name": "name", "email": "emails", "terms": "terms_days"}
SAME_AGAIN = "the same customer again"
_CONTRADICT = Bad("several customers have this number or name", "Give each a number of its own.")
_BLANKS: dict[str, Any] = {"number": "", **CustomerRow._field_defaults}
NOBODY = Bad("who owes it is not said", "Fill in the customer's number or name.")


def constants(given: Dictionary[str, str], places: Places) -> dict[str, str]:
    """What holds for all customers of a file, in the form in which it is kept.

    Raises:
        ValueError: a country, zone, language or kind that is not known.
    """
    lookups = _lookups(places)
    found = {}
    for name, value in given.items():
        known = lookups[name](value) if name in lookups else value
        if known is None:
            raise ValueError(f"{value!r} is no {name} that is known here.")
        found[name] = known
    return found


def _lookups(places: Places) -> dict[str, Callable[[str], str | None]]:
    return {
        "country": places.country,
        "zone": lambda text: text if places.zone(text) else None,
        "language": languages.language,
        "kind": lambda text: _KINDS.get(text.casefold()),
    }


class CustomerColumns:
    """Reads the customer of each row; a value per row, built column by column."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._constants = plan.constants
        self._unknown: dict[str, dict[Cell, str]] = {"country": {}, "zone": {}, "language": {}, "kind": {}}
        self._readers = {
            field: self._reader(field)
            for field in (*fields.CUSTOMER_TEXTS, *(_OF_CUSTOMERS if plan.kind == "customers" else ()))
            if plan.has(field)
        }

    def _reader(self, field: str) -> Reader:
        lookups = _lookups(self._plan.places)
        if field == "email":
            return readers.email_reader()
        if field == "terms":
            return readers.terms_reader()
        if field == "role":
            return Reader(_role)
        if field == "salutation":
            return _word(field, lambda text: _SALUTATIONS.get(text.casefold().strip(" ."), ""), {})
        if field in lookups:
            return _word(field, lookups[field], self._unknown[field])
        return readers.text_reader(field)

    def read(self, frame: Frame) -> list[CustomerRow]:
        """The customer of each row; one without name and number where the row gives none."""
        columns: dict[str, Sequence[Any]] = {"row": frame.lines}
        for field, reader in self._readers.items():
            columns[_NAMED.get(field, field)] = frame.read(field, reader)
        for name, value in self._constants.items():
            own = columns.get(name)
            columns[name] = [value] * len(frame) if own is None else [cell or value for cell in own]
        columns["name"] = _called(columns, len(frame))
        self._remark(frame)
        parts = [columns.get(name, repeat(_BLANKS.get(name, ""), len(frame))) for name in CustomerRow._fields]
        return list(map(CustomerRow._make, zip(*parts, strict=True)))

    def _remark(self, frame: Frame) -> None:
        """Says once of each unknown country, zone or language that it was left empty."""
        for field, unknown in self._unknown.items():
            if not unknown:
                continue
            cells = frame.cells(field) or []
            for cell, text in unknown.items():
                if text and cell in cells:
                    line = frame.lines[cells.index(cell)]
                    name = frame.layout.name(field)
                    frame.remarks.append(Remark(line, name, shown(text), f"not a {field} known here; left empty"))
                    unknown[cell] = ""


def _called(columns: dict[str, Sequence[Any]], count: int) -> list[str]:
    """How each customer is called: by the first of name, company, person, number and address that is given."""
    names = list(columns.get("name", [""] * count))
    if "" not in names:
        return names
    given, family = columns.get("first_name", [""] * count), columns.get("last_name", [""] * count)
    persons = [f"{first} {last}".strip() for first, last in zip(given, family, strict=True)]
    emails = [each[0] if each else "" for each in columns.get("emails", [()] * count)]
    for others in (columns.get("company"), persons, columns.get("number"), emails):
        if others is not None:
            names = [name or other for name, other in zip(names, others, strict=True)]
    return names


def _word(field: str, lookup: Callable[[str], str | None], unknown: dict[Cell, str]) -> Reader:
    def compute(cell: Cell) -> str | Bad:
        text = texts.read(cell, field)
        if isinstance(text, Bad) or not text:
            return text
        found = lookup(text)
        if found is None and len(unknown) < 1_000:
            unknown.setdefault(cell, text)
        return found or ""

    return Reader(compute)


def _role(cell: Cell) -> str | Bad:
    text = texts.read(cell, "role")
    if isinstance(text, Bad) or not text:
        return text
    role = _ROLES.get(" ".join(text.casefold().replace("_", " ").replace("-", " ").split()))
    # Read as nothing, it would make a debtor of somebody who owes nothing.
    return _NO_ROLE if role is None else role


class _Kept(NamedTuple):
    customer: CustomerRow
    cells: Sequence[Cell]


class CustomerTaker:
    """Takes the rows of a file of customers."""

    def __init__(self, plan: Plan, sifter: Sifter) -> None:
        self._plan = plan
        self._sifter = sifter
        self._columns = CustomerColumns(plan)
        self._field = keys.field_of(plan.kind, plan.layout)
        self._keys = keys.KeyColumn(plan.layout, self._field, None)
        self._gatherer: Gatherer[_Kept] = Gatherer(plan.repeats)

    def take(self, sifted: Sifted) -> Batch:
        """The next rows; rows without any name or number are rejected."""
        batch = Batch([], list(sifted.rejected), list(sifted.skipped), [])
        frame = Frame(sifted, self._plan.layout)
        if not len(frame):
            return batch
        keys_ = self._keys.read(frame.columns)
        customers = self._columns.read(frame)
        batch.remarks.extend(frame.remarks)
        for at, customer in enumerate(customers):
            if not customer.name:
                frame.fault(at, self._field, NOBODY)
            if customer.role and not customer.account:
                frame.fault(at, "role", _NO_ACCOUNT)
            if at in frame.faults:
                frame.set_aside(batch, at, self._sifter)
                self._together(batch, self._gatherer.fail(keys_[at]) or [])
            else:
                own = customer._replace(row=frame.lines[at])
                self._together(batch, self._gatherer.add(keys_[at], _Kept(own, frame.rows[at])) or [])
        return batch

    def _together(self, batch: Batch, kept: list[_Kept]) -> None:
        """The same customer again is skipped; different ones with one number or name are rejected."""
        if len({each.customer._replace(row=0) for each in kept}) > 1:
            for each in kept:
                layout = self._plan.layout
                batch.rejected.append(rejected(each.cells, each.customer.row, layout, self._field, _CONTRADICT))
            return
        batch.rows.extend(each.customer for each in kept[:1])
        batch.skipped.extend(Skipped(each.customer.row, SAME_AGAIN) for each in kept[1:])
