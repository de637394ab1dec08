"""Print batches: letters that are asked about again, set, put into one file, and handed over together.

    open      the batch gets its number, before anything else
    start     some letters at a time: strategy and law asked again, set, marks and bytes kept in one transaction
    ready     the kept bytes are put into one file, the same again whenever it is done again
    hand over the letters count as delivered
    cancel    they certainly were not: each waits again

A batch that was left half-way is gone on with under its number. Page: docs/explanation/once.md.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from duewell.core.contact.compose import compose
from duewell.core.contact.post import Post
from duewell.core.contact.values import Content
from duewell.core.contact.view import View
from duewell.core.party import postal
from duewell.flows.ask_again import ask_again
from duewell.flows.decide_accounts import World
from duewell.flows.outbox import Aside, Delivery, Draft, Rendered, Wanted, Withheld, one_per_person
from duewell.flows.ports import Clock, Known
from duewell.flows.transport import Envelope

AT_ONCE = 32
"""So many letters are asked about, set and started together."""
ASK_MAX = 4
OVERTAKEN = "changed_meanwhile"
TAKEN_OUT = "the letter was taken out of its batch before it was posted"
CANNOT_BE_SET = "cannot_be_written"
LETTERS_MAX = 2000
"""A file for the printer with more is split into several batches."""


class CannotPrint(Exception):
    """The batch is not in a state for this; the message says why and what to do."""


class Letter(NamedTuple):
    """One letter to be set."""

    content: Content
    post: Post


class Unset(NamedTuple):
    """A letter that cannot be set, and why."""

    text: str


class Kept(NamedTuple):
    """One letter of a batch as it was set."""

    attempt: int
    account: str
    country: str
    pdf: bytes


class Merged(NamedTuple):
    """The file of a batch and the lists of what is in it."""

    pdf: bytes
    manifests: Mapping[str, bytes]
    """By the ending of their names: `json`, `csv`."""
    digest: str
    """SHA-256 of the file, hexadecimal."""
    manifest: str
    """SHA-256 of the list as JSON, hexadecimal."""


LetterWriter = Callable[[Iterable[Letter]], Iterator[bytes | Unset]]
"""Sets letters as PDF, in their order. The same letter makes the same bytes."""
Merger = Callable[[int, Iterable[Kept]], Merged]
"""Puts the letters of a batch into one file. The same letters make the same bytes."""


class BatchView(NamedTuple):
    """A batch as people see it: `making`, `ready`, `handed_over` or `cancelled`. Instants are ISO text."""

    id: int
    state: str
    letters: int
    digest: str
    made_at: str
    made_by: str
    ended_at: str
    ended_by: str


class LetterView(NamedTuple):
    """One letter of a batch, in the order of the file."""

    attempt: int
    account: str
    name: str
    state: str
    sha256: str


class Outbox(Protocol):
    """The letters of one creditor that are to be printed, as one worker sees them."""

    def halted(self) -> bool:
        """Is the kill switch on?"""
        ...

    def take(self, limit: int) -> list[Delivery]:
        """Lease up to `limit` letters whose time has come; none twice."""
        ...

    def views(self, wanted: Sequence[Wanted]) -> Mapping[int, View]:
        """What the letters show besides their proposals, by attempt."""
        ...

    def posts(self, wanted: Sequence[Wanted]) -> Mapping[int, Post]:
        """The two ends of each letter, by attempt."""
        ...

    def start_in(self, batch: int, drafts: Sequence[Draft]) -> set[int]:
        """Put those into the batch whose account and person are as they were read, with marks and bytes."""
        ...

    def set_aside(self, items: Sequence[Aside]) -> None:
        """Write why these do not go out now."""
        ...

    def let_go(self) -> None:
        """Give back what was leased and not started."""
        ...


class Batches(Protocol):
    """Where the batches of one creditor are kept."""

    def unfinished(self) -> int | None:
        """The batch that was left half-way, if there is one."""
        ...

    def waiting(self) -> int:
        """How many letters could be printed now."""
        ...

    def open(self) -> int:
        """Save a new batch; its number."""
        ...

    def view(self, batch: int) -> BatchView | None:
        """The batch, or None."""
        ...

    def letters(self, batch: int) -> Iterator[Kept]:
        """The letters of a batch as they were set, in their order."""
        ...

    def ready(self, batch: int, merged: Merged, letters: int) -> bool:
        """The file is there; False where letters were added meanwhile, or the batch has ended."""
        ...

    def end_empty(self, batch: int) -> None:
        """Nothing was left to be printed."""
        ...

    def listed(self, batch: int) -> list[LetterView]:
        """The letters of a batch, in the order of the file."""
        ...

    def under_way(self, batch: int) -> list[Delivery]:
        """The letters of the batch that are neither handed over nor put back, in the order of the file."""
        ...

    def nets(self, batch: int) -> Mapping[int, Mapping[str, int]]:
        """What each letter of the batch asks to be paid, in minor units by currency, by attempt."""
        ...

    def take_out(self, batch: int, attempts: Collection[int], reason: str) -> int:
        """Those letters certainly do not leave with the batch: each waits again; how many this call moved."""
        ...

    def hand_over(self, batch: int) -> int:
        """Every letter of it counts as delivered today; how many this call moved."""
        ...

    def cancel(self, batch: int, reason: str) -> int:
        """No letter of it left: each waits again; how many this call moved."""
        ...

    def came_back(self, attempt: int, reason: str) -> str | None:
        """A letter came back: the channel on which its message goes on, or empty; None: it is no such letter."""
        ...


class Shelf(Protocol):
    """Where the files lie."""

    def put(self, batch: int, merged: Merged) -> str:
        """Write file and lists whole or not at all; where the file is."""
        ...

    def clear(self, batch: int) -> None:
        """Take the files of a cancelled batch away, so that nobody prints them."""
        ...


class Desk(NamedTuple):
    """Everything one worker needs to print for one creditor."""

    clock: Clock
    world: Callable[..., World]
    cases: Callable[[Sequence[Delivery], World], dict[int, Known]]
    outbox: Outbox
    batches: Batches
    write: LetterWriter
    merge: Merger
    shelf: Shelf
    seal: Callable[[], None]


class Made(NamedTuple):
    """The outcome of `make`. `batch` is None where there was nothing to print."""

    batch: int | None
    letters: int
    file: str
    withheld: dict[str, int]
    """By reason, those that wait included."""
    halted: bool


def make(desk: Desk, limit: int = LETTERS_MAX, tell: Callable[[int], None] = lambda done: None) -> Made:
    """Put the letters that are released and still wanted into one file, or go on with what was left half-way."""
    batch = desk.batches.unfinished()
    if batch is None:
        if not desk.batches.waiting():
            return Made(None, 0, "", {}, desk.outbox.halted())
        batch = desk.batches.open()
    withheld, halted = _fill(desk, batch, limit, tell)
    desk.outbox.let_go()
    count, file = _finish(desk, batch)
    return Made(batch if count else None, count, file, dict(withheld), halted)


def again(desk: Desk, batch: int) -> str:
    """The file of a batch once more, from the bytes that were kept; where it is.

    Raises:
        CannotPrint: there is no such batch with a file, or the bytes are no longer those that were printed.
    """
    found = _view(desk.batches, batch)
    if found.state not in ("ready", "handed_over"):
        raise CannotPrint(f"batch {batch} is {found.state} and has no file")
    merged = desk.merge(batch, desk.batches.letters(batch))
    if merged.digest != found.digest:
        raise CannotPrint(f"the letters that are kept do not make the file of batch {batch}: run `duewell verify`")
    return desk.shelf.put(batch, merged)


def hand_over(batches: Batches, batch: int, without: Collection[int] = ()) -> int:
    """The letters are in the post: they count as delivered, and their stages as reached, today.

    Args:
        without: letters that were taken out before: they did not leave, and are asked about with the next batch.

    Raises:
        CannotPrint: no such batch, or it has no file or was cancelled, or it does not hold what is to be left out.
    """
    may_be_handed_over(batches, batch, without)
    if without:
        batches.take_out(batch, without, TAKEN_OUT)
    return batches.hand_over(batch)


def may_be_handed_over(batches: Batches, batch: int, without: Collection[int] = ()) -> None:
    """Raises `CannotPrint` where `hand_over` would; changes nothing."""
    found = _view(batches, batch)
    if found.state == "making":
        raise CannotPrint(f"batch {batch} has no file yet: `duewell print make` goes on with it")
    if found.state == "cancelled":
        raise CannotPrint(f"batch {batch} was cancelled")
    # Those that were taken out before are named again by whoever was interrupted.
    here = {one.attempt for one in batches.listed(batch) if one.state in ("started", "deferred")}
    if strange := set(without) - here:
        raise CannotPrint(f"letter {min(strange)} does not wait in batch {batch}: duewell print show {batch}")


def cancel(batches: Batches, shelf: Shelf, batch: int, reason: str) -> int:
    """The file was not printed: its letters wait again and come into a later batch.

    Raises:
        CannotPrint: no such batch, no reason, or it was handed over.
    """
    found = _view(batches, batch)
    if found.state == "handed_over":
        raise CannotPrint(f"batch {batch} was handed over: `duewell print returned` is for letters that come back")
    _check(reason)
    moved = batches.cancel(batch, reason.strip())
    shelf.clear(batch)
    return moved


def returned(batches: Batches, attempt: int, reason: str) -> str:
    """A letter came back; the channel on which its message goes on, empty where a person is asked.

    Raises:
        CannotPrint: no reason, or the attempt is no letter that was handed over.
    """
    _check(reason)
    goes_on = batches.came_back(attempt, reason.strip())
    if goes_on is None:
        raise CannotPrint(f"attempt {attempt} is no letter that was handed over: `duewell print show` lists them")
    return goes_on


def _fill(desk: Desk, batch: int, limit: int, tell: Callable[[int], None]) -> tuple[Counter[str], bool]:
    found = desk.batches.view(batch)
    count = found.letters if found else 0
    withheld: Counter[str] = Counter()
    asked: Counter[int] = Counter()
    queue: deque[Delivery] = deque()
    while count < limit:
        if desk.outbox.halted():
            return withheld, True
        if not queue:
            queue.extend(desk.outbox.take(min(AT_ONCE, limit - count)))
            if not queue:
                break
        drafts, aside = _set(desk, one_per_person(queue, AT_ONCE))
        if aside:
            desk.outbox.set_aside(aside)
            withheld.update(item.reason for item in aside)
        started = desk.outbox.start_in(batch, drafts) if drafts else set()
        count += len(started)
        for draft in drafts:
            if draft.attempt not in started:
                # Something was committed since the case was read: ask again with what is true now.
                asked[draft.attempt] += 1
                if asked[draft.attempt] < ASK_MAX:
                    queue.append(draft.wanted.delivery)
                else:
                    withheld[OVERTAKEN] += 1
        tell(count)
        desk.seal()
    return withheld, False


def _set(desk: Desk, deliveries: Sequence[Delivery]) -> tuple[list[Draft], list[Aside]]:
    """Ask strategy and law, compose and set; a letter that cannot be set stops only itself."""
    world = desk.world(desk.clock.now())
    known = desk.cases(deliveries, world)
    wanted: list[Wanted] = []
    aside: list[Aside] = []
    for delivery in deliveries:
        answer = ask_again(world, known[delivery.attempt], delivery)
        if isinstance(answer, Wanted):
            wanted.append(answer)
        else:
            aside.append(answer)
    views, posts = desk.outbox.views(wanted), desk.outbox.posts(wanted)
    letters: list[tuple[Wanted, Letter]] = []
    for one in wanted:
        attempt = one.delivery.attempt
        try:
            content = compose(one.permit, one.proposal, views[attempt], whole=True)
            letters.append((one, Letter(content, posts[attempt])))
        except (ValueError, LookupError) as problem:
            aside.append(_unset(one, str(problem)))
    drafts: list[Draft] = []
    for (one, letter), made in zip(letters, desk.write(letter for _, letter in letters), strict=True):
        if isinstance(made, Unset):
            aside.append(_unset(one, made.text))
        else:
            where = f"{letter.post.name}\n{postal.canonical(letter.post.address)}"
            drafts.append(Draft(one, Rendered(Envelope("", where, made), (made,))))
    return drafts, aside


def _unset(wanted: Wanted, text: str) -> Withheld:
    return Withheld(wanted.delivery, CANNOT_BE_SET, f"The letter cannot be set: {text}")


def _finish(desk: Desk, batch: int) -> tuple[int, str]:
    """Put what the batch holds into one file; another worker may still be adding to it."""
    while True:
        found = _view(desk.batches, batch)
        if not found.letters:
            desk.batches.end_empty(batch)
            return 0, ""
        merged = desk.merge(batch, desk.batches.letters(batch))
        file = desk.shelf.put(batch, merged)
        if desk.batches.ready(batch, merged, found.letters):
            return found.letters, file
        if _view(desk.batches, batch).state != "making":
            raise CannotPrint(f"batch {batch} was ended by somebody else meanwhile: `duewell print list`")


def _view(batches: Batches, batch: int) -> BatchView:
    found = batches.view(batch)
    if found is None:
        raise CannotPrint(f"there is no print batch {batch}: `duewell print list` shows them")
    return found


def _check(reason: str) -> None:
    if not reason.strip() or not reason.isprintable():
        raise CannotPrint("say in one line why (--reason), such as: moved away")
