"""calls list, start, done, release, came-in: what is to be said on the telephone, and what became of it."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.flows.calls import Started, Task
    from duewell.flows.outbox import Aside

PAGE = 25
OUTCOMES = (
    "promised will_pay disputed hardship refuses call_back voicemail no_answer busy not_in_service wrong_number"
).split()
STAGES = "upcoming due first second firm final handover".split()


def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the commands."""
    from duewell.cli import command
    from duewell.cli.session import number

    top = commands.add_parser(
        "calls", help="call customers, one by one", description="Call customers, one by one."
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="list|start|done|release|came-in")
    listed = command(verbs, "list", "who can be called now, in order, and who later", _list)
    listed.add_argument("--account", default="", metavar="NUMBER", help="only this account")
    listed.add_argument("--stage", choices=STAGES, help="only calls of this stage")
    listed.add_argument("--state", choices=["now", "later", "started"], help="only those")
    listed.add_argument("--page", type=number, default=1, metavar="N", help=f"the next {PAGE}, from 1")
    begin = command(
        verbs, "start", "begin a call: strategy and law are asked again, then number and words shown", _start
    )
    done = command(verbs, "done", "say how a call ended", _done)
    back = command(verbs, "release", "give a call back that was started and not made", _release)
    for made in (begin, done, back):
        made.add_argument("task", type=number, help="number of the call in the list")
        made.add_argument("--by", default=None, metavar="NAME", help="who calls (default: the user logged in)")
    done.add_argument("--outcome", required=True, choices=OUTCOMES, help="how it ended")
    done.add_argument("--on", metavar="D", help="promised: the day on which the customer pays")
    done.add_argument("--amount", metavar="AMOUNT", help="promised, disputed: such as 12.50 (default: all)")
    done.add_argument("--invoice", default="", metavar="NUMBER", help="promised, disputed: only this invoice")
    done.add_argument("--at", metavar="T", help="call_back: when, with offset, 2026-03-10T09:00+01:00")
    done.add_argument("--again-at", metavar="T", help="voicemail, no_answer, busy: when to try again")
    done.add_argument("--review", metavar="D", help="disputed, hardship: when a person looks at it")
    done.add_argument("--note", default="", help="what was said, in a few words, for the record")
    came = command(verbs, "came-in", "a customer called, and there was a conversation", _came_in)
    came.add_argument("account", metavar="ACCOUNT", help="number of the account that it was about")
    came.add_argument("--at", metavar="T", help="when, with offset (default: now)")
    came.add_argument("--by", default=None, metavar="NAME", help="who spoke to them (default: who is logged in)")
    for made in (listed, begin, done, back, came):
        made.add_argument("--creditor", metavar="KEY", help="which creditor, where there are several")


def _list(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    creditor = session.creditor()
    from duewell import wiring, wiring_calls
    from duewell.core.decide.stages import BY_KEY
    from duewell.flows import calls as flow

    questions = wiring.reviews(creditor, session.clock).open_due(session.today(creditor))
    book = wiring_calls.stored(session.home, creditor, session.clock, "")
    desk = wiring_calls.desk(session.home, creditor, session.clock, book, "")
    waiting = book.waiting(args.account, int(BY_KEY[args.stage]) if args.stage else None)
    world = desk.world(session.clock.now())
    found = flow.tasks(world, desk.cases([one.delivery for one in waiting], world), waiting)
    ended = flow.put_in_order(desk, [task.task for task in found if task.state == flow.OVER])
    if questions or ended:
        wiring.seal(session.home, session.clock)
    left = [task for task in found if task.state != flow.OVER and args.state in (None, task.state)]
    page = left[(max(1, args.page) - 1) * PAGE : max(1, args.page) * PAGE]
    show = wiring_calls.number_shown(creditor)
    counts = {state: sum(task.state == state for task in left) for state in (flow.NOW, flow.STARTED, flow.LATER)}
    data = {
        "calls": [_told(task, show) for task in page],
        "counts": counts,
        "page": max(1, args.page),
        "pages": -(-len(left) // PAGE),
        "ended": [{"call": one.delivery.attempt, "reason": one.reason, "text": one.text} for one in ended],
        "questions": questions,
    }
    lines = [line for task in page for line in _lines(task, show)]
    if not lines:
        lines = ["nobody is to be called" if not left else f"there are {data['pages']} pages"]
    lines.append(f"{counts['now']} now, {counts['started']} under way, {counts['later']} later")
    if data["pages"] > data["page"]:
        lines.append(f"more: duewell calls list --page {data['page'] + 1}")
    for one in ended:
        out.talk(f"call {one.delivery.attempt} is over: {one.text}")
    if questions:
        out.talk(f"{questions} new question(s): duewell review list")
    out.result(data, "\n".join(lines))
    return 0


def _start(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    by = person(args.by)
    from duewell import wiring, wiring_calls
    from duewell.flows import calls as flow

    book = wiring_calls.stored(session.home, creditor, session.clock, by)
    desk = wiring_calls.desk(session.home, creditor, session.clock, book, by)
    try:
        answer = flow.start(desk, args.task)
    except flow.NoSuchCall as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    if not isinstance(answer, flow.Started):
        data, text = _not_now(answer)
        out.result(data, text)
        return 1
    from duewell.adapters.channels.call.spoken import as_values

    said = wiring_calls.spoken(session.home, answer.script, by)
    shown = wiring_calls.number_shown(creditor)(answer.waiting.number)
    data = {
        "call": args.task,
        "started": True,
        "by": by,
        "account": answer.waiting.account,
        "customer": answer.waiting.customer,
        "number": answer.waiting.number,
        "dial": shown,
        "stage": answer.proposal.stage.key,
        "sums": {sum.currency: sum.minor for sum in answer.script.content.sums},
        "local": [{"zone": zone, "time": time} for zone, time in answer.local],
        "until": answer.closes_at,
        "warnings": [warning.text for warning in answer.warnings],
        "say": as_values(said),
    }
    out.result(data, "\n".join(_script(answer, said, shown)))
    return 0


def _done(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, day, instant, person

    session = Session(args)
    creditor = session.creditor()
    by = person(args.by)
    from duewell import wiring, wiring_calls
    from duewell.core.agree.holds import BadHold
    from duewell.core.contact.outcome import MEANING, Outcome
    from duewell.flows import calls as flow
    from duewell.flows.hold import NoSuchTarget

    outcome = Outcome(args.outcome)
    told = flow.Told(
        outcome,
        day(args.on) if args.on else None,
        _amount(args.amount),
        args.invoice,
        day(args.review) if args.review else None,
        args.note.strip(),
    )
    at, again_at = (None if text is None else instant(text) for text in (args.at, args.again_at))
    book = wiring_calls.stored(session.home, creditor, session.clock, by)
    try:
        flow.check_outcome(outcome, told, at, again_at, session.clock.now())
        also = wiring_calls.holding(creditor, session.clock, by, told)
        ended = book.end(args.task, outcome, by, at or again_at, also)
    except (flow.NoSuchCall, BadHold, NoSuchTarget, ValueError) as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    data = {
        "call": args.task,
        "outcome": str(outcome),
        "state": ended.state,
        "account": ended.account_number,
        "holds": list(ended.holds),
        "again_at": ended.again_at,
        "next": ended.following,
        "channel": ended.channel or None,
    }
    out.result(data, f"call {args.task}: {MEANING[outcome].says}. {_what_follows(ended)}")
    return 0


def _release(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, person

    session = Session(args)
    creditor = session.creditor()
    by = person(args.by)
    from duewell import wiring, wiring_calls
    from duewell.flows import calls as flow

    try:
        ended = wiring_calls.stored(session.home, creditor, session.clock, by).give_back(args.task, by)
    except flow.NoSuchCall as problem:
        raise WrongUse(str(problem)) from problem
    wiring.seal(session.home, session.clock)
    data = {"call": args.task, "account": ended.account_number, "next": ended.following}
    text = f"call {args.task} was not made; it is in the list again as {ended.following}"
    if ended.following is None:
        text = f"call {args.task} was not made; its run was taken back, so nothing follows"
    out.result(data, text)
    return 0


def _came_in(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session, instant, person

    session = Session(args)
    creditor = session.creditor()
    by, now = person(args.by), session.clock.now()
    at = instant(args.at) if args.at else now
    if at > now:
        raise WrongUse(f"{args.at} has not come yet")
    from duewell import wiring
    from duewell.store import came_in

    if came_in.record(creditor.id, args.account, at, by, now) is None:
        raise WrongUse(f"there is no account {args.account!r}")
    wiring.seal(session.home, session.clock)
    data = {"account": args.account, "at": at, "by": by}
    text = f"{args.account} called {by}; what the customer told is kept with duewell hold, stop or record"
    out.result(data, text)
    return 0


def _told(task: Task, show: Any) -> dict[str, Any]:
    return {
        "call": task.task,
        "state": task.state,
        "account": task.account,
        "customer": task.customer,
        "stage": task.stage,
        "number": task.number,
        "dial": show(task.number),
        "language": task.language,
        "sums": dict(task.sums),
        "items": task.items,
        "fell_due_on": task.fell_due_on or None,
        "local": [{"zone": zone, "time": time} for zone, time in task.local],
        "until": task.until,
        "reason": task.reason or None,
        "text": task.text or None,
        "warnings": list(task.warnings),
        "tries": task.tries,
        "started_at": task.started_at,
        "started_by": task.started_by or None,
    }


def _lines(task: Task, show: Any) -> list[str]:
    """Two lines: who, and what the clock and the law say."""
    sums = " + ".join(_sum(minor, currency) for currency, minor in task.sums)
    head = f"{task.task:>6}  {task.stage:<8} {task.customer or task.account}  {show(task.number)}  {sums}".rstrip()
    clock = " to ".join(dict.fromkeys(time[11:] for _, time in (task.local[0], task.local[-1])))
    says = f"it is {clock} there"
    if task.state == "now" and task.until is not None:
        says += f"; allowed until {_local(task.until, task)}"
    elif task.state == "started":
        says += f"; {task.started_by} is calling"
    elif task.until is not None:
        says += f"; not before {_local(task.until, task)}: {task.text}"
    else:
        says += f"; not now: {task.text}"
    if task.tries:
        says += f" (call {task.tries + 1})"
    return [head, f"        {says}", *(f"        mind: {warning}" for warning in task.warnings)]


def _local(at: datetime, task: Task) -> str:
    """An instant by the first clock of the customer, with the date where it is another day."""
    from duewell.adapters.zones import civil_time

    zone, now = task.local[0]
    shown = civil_time(zone, at)
    return f"{shown:%H:%M}" if f"{shown:%Y-%m-%d}" == now[:10] else f"{shown:%Y-%m-%d %H:%M}"


def _script(started: Started, said: Any, shown: str) -> list[str]:
    waiting, proposal = started.waiting, started.proposal
    who = waiting.customer or waiting.account
    local = ", ".join(f"{time} in {zone}" for zone, time in started.local)
    lines = [
        f"call {who} (account {waiting.account}): {shown}",
        f"  there it is {local}; the law allows it until {started.closes_at:%Y-%m-%d %H:%M} UTC",
        f"  why now: the step {proposal.stage.key} fell due on {proposal.fell_due_on.isoformat()},"
        f" {len(proposal.lines)} invoice(s)",
    ]
    for table in started.script.content.tables:
        for row in table.rows[:5]:
            asked = _sum(row.open_minor - row.held_minor, table.currency)
            lines.append(f"    {row.number}  due {row.due_on.isoformat()}  {asked}")
        if len(table.rows) + table.more_count > 5:
            lines.append(f"    and {len(table.rows) + table.more_count - 5} more in {table.currency}")
    lines += [f"  mind: {warning.text}" for warning in started.warnings]
    lines += ["", "say", *(f"  {line}" for line in said.before), "", "once you know it is the customer"]
    lines += [f"  {line}" for line in (*said.statements, said.matter, said.ask)]
    lines += ["", "what the customer can do", *(f"  {line}" for line in said.options), f"  {said.thanks}"]
    lines += [
        "",
        f"somebody else answers: they are not told {', '.join(said.not_to_others)}",
        f"  {said.to_others}",
    ]
    lines += ["", "a machine answers", f"  {said.voicemail or 'leave no message'}"]
    return [*lines, "", f"then: duewell calls done {waiting.delivery.attempt} --outcome ..."]


def _not_now(aside: Aside) -> tuple[dict[str, Any], str]:
    from duewell.flows.outbox import Postponed, Question, Rerouted

    until = aside.until if isinstance(aside, Postponed) else None
    data = {
        "call": aside.delivery.attempt,
        "started": False,
        "reason": aside.reason,
        "text": aside.text,
        "until": until,
        "channel": aside.to.channel if isinstance(aside, Rerouted) else None,
    }
    what = "not now" if isinstance(aside, Postponed) else "not any more"
    if isinstance(aside, Question):
        what = "a person must decide first (duewell review list)"
    text = f"call {aside.delivery.attempt}: {what}. {aside.text}"
    if isinstance(aside, Rerouted):
        text += f" It goes on by {aside.to.channel}."
    return data, text


def _what_follows(ended: Any) -> str:
    if ended.state == "accepted":
        kept = ", ".join(str(hold) for hold in ended.holds)
        return "The stage is reached." + (f" We wait (hold {kept})." if kept else "")
    if ended.again_at is not None:
        return f"It is in the list again from {ended.again_at:%Y-%m-%d %H:%M} UTC on, as {ended.following}."
    if ended.following is not None:
        where = "another number" if ended.channel == "call" else ended.channel
        return f"It goes on by {where}."
    if ended.state == "deferred":
        return "Its run was taken back, so nothing follows."
    return "No way is left: a person is asked (duewell review list)."


def _amount(text: str | None) -> Any:
    from decimal import Decimal, InvalidOperation

    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise WrongUse(f"{text!r} is not an amount: write it as 12.50") from None
    if not amount.is_finite() or not 0 < amount < 10**15:
        raise WrongUse(f"{text} is no amount")
    return amount


def _sum(minor: int, currency: str) -> str:
    from duewell.core.units.money import Money

    return f"{Money(minor, currency).decimal():,} {currency}"
