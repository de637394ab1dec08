"""Which column holds what: by its name first, by its cells where a name can mean several things.

A name must be known as a whole. Of two columns for one field the one whose name says it more surely is taken;
two that say it equally are asked about, and so is a column whose cells could be either of its meanings.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from typing import NamedTuple

from duewell.core.intake import content, fields, headings, names, vocabulary
from duewell.core.intake.findings import AS_SAID, Evidence, Undecided, shown
from duewell.core.intake.lookalikes import looks_open
from duewell.core.intake.mapping import NO_COLUMN
from duewell.core.intake.table import Cell, as_text


class ColumnUse(NamedTuple):
    """One column of the file, for the person to look at before anything is written."""

    at: int
    name: str
    field: str
    """Empty if the column is not used."""
    how: str
    sample: tuple[str, ...]


class Layout(NamedTuple):
    """The columns of a file and what they hold."""

    header_line: int
    names: tuple[str, ...]
    fields: Dictionary[str, int]
    lines: tuple[int, ...]
    """Columns that only a row per item of an invoice has: quantity, unit price."""
    empty: tuple[int, ...]
    """Columns left out because nothing stands in them; if something does after all, it must be asked."""
    uses: tuple[ColumnUse, ...]
    currencies: Dictionary[str, str]
    """Field of an amount to the currency that the name of its column gives."""
    minor: frozenset[str] = frozenset()
    """Fields of amounts whose column says that they are in minor units, such as cents."""
    dropped: tuple[str, ...] = ()
    """Fields whose column turned out to hold something else."""

    def name(self, field: str) -> str:
        """The name of the column that holds a field."""
        return self.names[self.fields[field]]

    def without(self, field: str) -> Layout:
        """The same with a column left out that turned out to hold something else."""
        rest = {name: at for name, at in self.fields.items() if name != field}
        uses = tuple(use._replace(field="", how="") if use.field == field else use for use in self.uses)
        return self._replace(fields=rest, uses=uses, dropped=(*self.dropped, field))


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Names that tell all columns apart: a second `Phone` is `Phone (2)`, one without a name `column 3`."""
    seen: dict[str, int] = {}
    result = []
    for index, name in enumerate(header):
        plain = " ".join(name.split())[:100] or f"column {index + 1}"
        seen[plain] = seen.get(plain, 0) + 1
        result.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return tuple(result)


def recognise(
    header: Sequence[str],
    header_line: int,
    sample: Sequence[Sequence[Cell]],
    sample_lines: Sequence[int],
    kind: str,
    said: Dictionary[str, str],
) -> tuple[Layout, tuple[Undecided, ...]]:
    """The columns of a file.

    Args:
        header: the names as they stand in the file.
        header_line: its line, or 0 if there is none.
        sample: some hundred rows after it, and `sample_lines` where they stand.
        said: field to column name, from the person or a saved mapping.
    """
    search = _Search(unique_names(header), sample, sample_lines, kind)
    search.take(said)
    search.read_names(header)
    search.assign()
    search.tell_customers_apart()
    search.tell_numbers_apart()
    search.ask_what_may_be_open()
    layout = Layout(
        header_line,
        search.names,
        search.chosen,
        tuple(search.items),
        tuple(search.empty),
        search.uses(),
        search.currencies(),
        frozenset(
            field
            for field, index in search.chosen.items()
            if field in fields.AMOUNTS and names.parse(search.names[index]).minor
        ),
    )
    return layout, tuple(search.questions)


class _Search:
    def __init__(
        self, unique: tuple[str, ...], sample: Sequence[Sequence[Cell]], lines: Sequence[int], kind: str
    ) -> None:
        self.names = unique
        self.kind = fields.of(kind)
        self.columns = [
            [(line, row[index]) for row, line in zip(sample, lines, strict=True) if index < len(row)]
            for index in range(len(unique))
        ]
        self.filled = [
            [cell for _, cell in column if not isinstance(cell, str) or cell.strip()] for column in self.columns
        ]
        self.chosen: dict[str, int] = {}
        self.how: dict[int, str] = {}
        self.items: list[int] = []
        self.empty: list[int] = []
        self.questions: list[Undecided] = []
        self._candidates: dict[int, list[tuple[int, str]]] = {}
        self._none: set[str] = set()
        self._named_currency: dict[int, str] = {}

    def take(self, said: Dictionary[str, str]) -> None:
        """What a person has said goes before everything else."""
        for field, name in said.items():
            if name == NO_COLUMN:
                self._none.add(field)
                continue
            index = self._find(name)
            if index is None:
                self.questions.append(
                    Undecided(
                        f"column: {field}",
                        f"The file has no column {name!r}, which should hold {field}.",
                        self.names,
                        f"--column {field}=NAME, or --column {field}={NO_COLUMN}",
                    )
                )
            else:
                self.chosen[field] = index
                self.how[index] = AS_SAID

    def _find(self, name: str) -> int | None:
        if name in self.names:
            return self.names.index(name)
        key = names.parse(name).key
        alike = [index for index, other in enumerate(self.names) if key and names.parse(other).key == key]
        return alike[0] if len(alike) == 1 else None

    def read_names(self, header: Sequence[str]) -> None:
        """The fields that each remaining column can be, by name and cells."""
        taken = set(self.chosen.values())
        for index, original in enumerate(header):
            name = names.parse(original)
            if name.currency:
                self._named_currency[index] = name.currency
            if index in taken:
                continue
            found = vocabulary.fields_of(name.key, self.kind.extra)
            if not found and name.short != name.key:
                found = vocabulary.fields_of(name.short, self.kind.extra)
            if not found and name.currency and not name.key:
                found = [(1, "amount")]
            meant = [(rank, field) for rank, field in found if field in self.kind.fields]
            found = [
                (rank, field) for rank, field in meant if field not in self.chosen and field not in self._none
            ]
            if len(found) < len(meant) and self.filled[index]:
                # One of its meanings is ruled out: the others count if the cells are such.
                found = [(rank, field) for rank, field in found if content.fits(field, self.filled[index])]
            if any(field == "line" for _, field in found):
                self.items.append(index)
                found = [(rank, field) for rank, field in found if field != "line"]
            if found:
                self._candidates[index] = self._by_content(index, found)
        self._journal_accounts()

    def _by_content(self, index: int, found: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Only a name with several meanings is judged by its cells; one that says what it is, is believed."""
        cells = self.filled[index]
        if not cells or len(found) == 1:
            return found
        return [(rank, field) for rank, field in found if content.fits(field, cells)] or found

    def _journal_accounts(self) -> None:
        """In a journal `Account Name` is an account of the ledger; elsewhere it is the customer's."""
        present = {field for found in self._candidates.values() for _, field in found} | set(self.chosen)
        journal = "transaction" in present and ("gl_type" in present or {"debit", "credit"} <= present)
        for index, meanings in self._candidates.items():
            found = meanings
            about_accounts = names.parse(self.names[index]).key.startswith(("account", "konto", "gl"))
            if journal and about_accounts:
                found = [(rank, field) for rank, field in found if field in ("gl_account", "gl_type")]
            elif not journal:
                found = [(rank, field) for rank, field in found if field not in ("gl_account", "gl_type")]
            self._candidates[index] = found

    def assign(self) -> None:
        """The surest names first; what is equally sure is asked."""
        for rank in range(5):
            for index in self._free_at(rank):
                self._settle_meaning(index, rank)
            wanted: dict[str, list[int]] = {}
            for index in self._free_at(rank):
                for at, field in self._candidates[index]:
                    if at == rank and field not in self.chosen:
                        wanted.setdefault(field, []).append(index)
            for field, columns in wanted.items():
                free = [index for index in columns if index not in self.how]
                if free and field not in self.chosen:
                    self._choose(field, free)

    def _free_at(self, rank: int) -> list[int]:
        return [
            index
            for index, found in self._candidates.items()
            if index not in self.how and any(at == rank and field not in self.chosen for at, field in found)
        ]

    def _settle_meaning(self, index: int, rank: int) -> None:
        """A column that may be several fields at once, and whose cells fit more than one."""
        open_ = [field for at, field in self._candidates[index] if at == rank and field not in self.chosen]
        if len(open_) < 2:
            return
        if not self.filled[index]:
            # Nothing in the sample: it is left out, and the survey makes sure that nothing comes later.
            self.empty.append(index)
            self._candidates[index] = []
            return
        self.questions.append(
            Undecided(
                f"column: {self.names[index]}",
                f"What does column {self.names[index]!r} hold?",
                tuple(open_),
                " or ".join(f"--column {field}={self.names[index]!r}" for field in open_),
                self._examples(index),
            )
        )
        self._candidates[index] = []

    def _choose(self, field: str, columns: list[int]) -> None:
        if len(columns) > 1:
            filled = [index for index in columns if self.filled[index]]
            if filled and field in self.kind.asked:
                self.empty.extend(index for index in columns if not self.filled[index])
            columns = (
                [index for index in filled if content.fits(field, self.filled[index])] or filled or columns[:1]
            )
            first = self.columns[columns[0]]
            if all(self.columns[index] == first for index in columns):
                columns = columns[:1]
        if len(columns) > 1 and field in self.kind.asked:
            self.questions.append(
                Undecided(
                    f"column: {field}",
                    f"Which column holds {field}?",
                    tuple(self.names[index] for index in columns),
                    f"--column {field}=NAME",
                    tuple(evidence for index in columns for evidence in self._examples(index)[:1]),
                )
            )
            for index in columns:
                self._candidates[index] = []
            return
        self.chosen[field] = columns[0]
        self.how[columns[0]] = "by its name"

    def _examples(self, index: int) -> tuple[Evidence, ...]:
        filled = [(line, cell) for line, cell in self.columns[index] if not isinstance(cell, str) or cell.strip()]
        return tuple(Evidence(line, self.names[index], shown(as_text(cell))) for line, cell in filled[:3])

    def tell_customers_apart(self) -> None:
        """Settles by the cells what names leave open about who the customer is."""
        name = self.chosen.get("customer_name")
        if name is None:
            return
        number = self.chosen.get("customer_number")
        if number is not None and self.how[number] != AS_SAID:
            account = vocabulary.OF_ACCOUNT.search(names.parse(self.names[number]).key)
            if not self.filled[number]:
                self.empty.append(number)
                self._drop("customer_number")
            elif account and not content.number_customers(self.filled[number], self.filled[name]):
                self._drop("customer_number")
        if "customer_number" not in self.chosen and "customer_number" not in self._none:
            self._number_by_cells(name)
        short = vocabulary.SHORT_NAME.fullmatch(names.parse(self.names[name]).key)
        if short and self.how.get(name) != AS_SAID and not {"company", "last_name"}.isdisjoint(self.chosen):
            # What lists are searched by is no name for a letter where the name stands beside it.
            self.chosen.pop("customer_name", None)
            self.how.pop(name, None)
        if (
            "first_name" in self.chosen
            and "last_name" not in self.chosen
            and names.parse(self.names[name]).key == "name"
        ):
            # Beside a first name, `Name` is the last one.
            self.chosen["last_name"] = self.chosen.pop("customer_name")
        elif (
            "last_name" in self.chosen
            and "first_name" not in self.chosen
            and names.parse(self.names[name]).key == "name"
        ):
            # `Nombre` beside `Apellidos`, `Nome` beside `Cognome`.
            self.chosen["first_name"] = self.chosen.pop("customer_name")

    def tell_numbers_apart(self) -> None:
        """A bare `No` beside a `Ref` that is a code of its own in each row: either may be the invoice's number."""
        number, reference = self.chosen.get("number"), self.chosen.get("reference")
        if number is None or reference is None or AS_SAID in (self.how[number], self.how[reference]):
            return
        keys = (names.parse(self.names[number]).key, names.parse(self.names[reference]).key)
        codes = self.filled[reference]
        if keys[0] not in ("nr", "id") or keys[1] not in ("reference", "referencenr", "invoicereference"):
            return
        coded = sum(content.are_codes([cell]) for cell in codes)
        if len(codes) < len(self.filled[number]) or len(set(codes)) < len(codes) or coded * 4 < len(codes) * 3:
            return
        self.questions.append(
            Undecided(
                "column: number",
                "Which column holds number?",
                (self.names[number], self.names[reference]),
                "--column number=NAME",
                (*self._examples(number)[:1], *self._examples(reference)[:1]),
            )
        )

    def ask_what_may_be_open(self) -> None:
        """Nothing says what was paid, and a column without a known name looks as if it did: never passed over."""
        told = ("open", "paid", "paid_on", "status", "payment_status", "debit", "transaction", "line_amount")
        if "amount" not in self.chosen or "open" not in self.kind.fields or "open" in self._none:
            return
        if any(field in self.chosen for field in told) or any(
            question.what in ("column: open", "column: amount") for question in self.questions
        ):
            return
        billed = [cell for _, cell in self.columns[self.chosen["amount"]]]
        for index, name in enumerate(self.names):
            used = index in self.how or index in self.items or index in self.empty or headings.is_age(name)
            used = used or vocabulary.NET.search(names.parse(name).key) is not None
            cells = [cell for _, cell in self.columns[index]]
            if used or not self.filled[index] or len(cells) != len(billed) or not looks_open(billed, cells):
                continue
            amount = self.names[self.chosen["amount"]]
            self.questions.append(
                Undecided(
                    "column: open",
                    f"Does {name!r} hold what is still open? It is {amount!r} in some rows and less in others.",
                    (name,),
                    f"--column open={name!r}, or --column open={NO_COLUMN}",
                    self._examples(index),
                )
            )
            return

    def _number_by_cells(self, name: int) -> None:
        """`Customer` is a name or a number: a number if all its cells are codes."""
        for index, header in enumerate(self.names):
            bare = vocabulary.BARE_CUSTOMER.fullmatch(names.parse(header).key)
            free = index == name or index not in self.how
            if bare and free and self.how.get(index) != AS_SAID and content.are_codes(self.filled[index]):
                self.chosen["customer_number"] = index
                self.how[index] = "by its cells"
                if index == name:
                    del self.chosen["customer_name"]
                    self._name_beside_number()
                return

    def _name_beside_number(self) -> None:
        """`Customer` held numbers: a column that may be the name, such as `Name`, then is the name."""
        for rank in range(5):
            free = [
                index
                for index, found in self._candidates.items()
                if index not in self.how and (rank, "customer_name") in found and self.filled[index]
            ]
            if free:
                self._choose("customer_name", free)
                return

    def _drop(self, field: str) -> None:
        del self.how[self.chosen.pop(field)]

    def uses(self) -> tuple[ColumnUse, ...]:
        """All columns of the file, used or not."""
        field_of = {index: field for field, index in self.chosen.items()}
        return tuple(
            ColumnUse(
                index,
                name,
                field_of.get(index, ""),
                self.how.get(index, "one row per item" if index in self.items else ""),
                tuple(shown(as_text(cell), 60) for cell in self.filled[index][:3]),
            )
            for index, name in enumerate(self.names)
        )

    def currencies(self) -> dict[str, str]:
        """Currencies that the names of used columns give."""
        return {
            field: self._named_currency[index]
            for field, index in self.chosen.items()
            if field in fields.AMOUNTS and index in self._named_currency
        }
