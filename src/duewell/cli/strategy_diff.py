"""strategy diff: what would change tonight, account by account, if a strategy file were put to use."""

from __future__ import annotations

import argparse
import json
import shlex
from typing import TYPE_CHECKING, Any

from duewell.cli import strategy_file
from duewell.cli.output import Out, WrongUse

if TYPE_CHECKING:
    from duewell.core.units.ids import AccountId
    from duewell.flows.strategy_diff import Difference, Outcome

PAGE, PAGE_MAX = 100, 10_000


def add(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the command."""
    from duewell.cli import command

    made = command(verbs, "diff", "what would change tonight, by account, if a file were put to use", _diff)
    strategy_file.declare(made)
    made.add_argument("--after", metavar="NUMBER", help="next page: accounts after this one, without the counts")
    made.add_argument("--limit", type=_limit, metavar="N", help=f"accounts a page (default: {PAGE})")


def _diff(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    file = strategy_file.found(args.file, session.home.directory)
    found = strategy_file.checked(file)
    if found.strategy is None:
        return strategy_file.tell(file, found, out)
    creditor = session.creditor()
    from duewell import wiring, wiring_strategy
    from duewell.core.decide.tone import in_tone
    from duewell.flows import strategy_diff as flow
    from duewell.store import plan_views

    as_of = session.as_of(creditor)
    strategy = in_tone(found.strategy, creditor.tone)
    world = wiring.world(session.home, creditor, as_of, session.clock, [strategy])
    changed = strategy_file.changed(world.strategies, strategy, args.instead_of)
    accounts = wiring_strategy.either(creditor, as_of, changed.present, changed.changed)
    limit = args.limit or PAGE
    if args.after is None:
        page = flow.first_page(flow.differences(world, changed.changed, accounts, out.progress), limit)
    else:
        accounts = _after(creditor.id, args.after, accounts)
        page = flow.later_page(flow.differences(world, changed.changed, accounts), limit)
    names = plan_views.named([line.account for line in page.lines])
    following = names[page.lines[-1].account][0] if page.more else ""
    data: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        **strategy_file.told(strategy, changed),
        "differs": bool(page.lines),
    }
    lines = [f"{creditor.name}, {as_of}: {strategy_file.said(strategy, changed)}"]
    if page.counts is not None:
        data["counts"] = page.counts
        lines += [f"{count:>10,}  {flow.KINDS[kind]}" for kind, count in page.counts.items()]
    data["accounts"] = [_told(line, *names[line.account]) for line in page.lines]
    data["next"] = following
    lines += ["", *(_text(row) for row in data["accounts"])] if page.lines else ["nothing would change"]
    if following:
        lines.append(_next_page(args, following))
    out.result(data, "\n".join(lines))
    return 1 if page.lines else 0


def _after(creditor: int, number: str, accounts: list[AccountId]) -> list[AccountId]:
    from bisect import bisect_right

    from duewell.store import plan_views

    account = plan_views.account_of(creditor, number)
    if account is None:
        raise WrongUse(f"there is no account {number!r}: --after takes the number that the page before ended with")
    return accounts[bisect_right(accounts, account) :]


def _told(line: Difference, number: str, name: str) -> dict[str, Any]:
    from duewell.flows.strategy_diff import differs_in

    return {
        "account": number,
        "name": name,
        "kind": line.kind,
        "differs_in": list(differs_in(line.was, line.now)),
        "was": _outcome(line.was),
        "now": _outcome(line.now),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    """What an account would get, or the rule by which it gets nothing, with the day on which that may change."""
    from duewell.core.decide.stages import STAGE_KEYS
    from duewell.core.decide.values import Rest
    from duewell.core.law.values import Refused
    from duewell.flows.decide_accounts import PlanLine, latest_refusal

    told: dict[str, Any] = {"decision": "proposal", "stage": None, "channel": None, "tone": None, "asks": {}}
    told |= {"strategy": None, "rule": None, "until": None}
    if isinstance(outcome, PlanLine):
        body = json.loads(outcome.body)
        asks = {currency: asked - credit for currency, asked, credit in body["nets"]}
        told |= {"stage": STAGE_KEYS[outcome.stage], "channel": outcome.channel, "tone": body["tone"]}
        return told | {"asks": asks, "strategy": body["strategy"]}
    if isinstance(outcome, Rest):
        reason = outcome.reasons[0]
        until = None if reason.until is None else reason.until.isoformat()
        return told | {"decision": "rest", "rule": reason.rule, "until": until}
    if isinstance(outcome.outcome, Refused):
        refusal = latest_refusal(outcome.outcome)
        until = None if refusal.until is None else refusal.until.isoformat()
        return told | {"decision": "refused", "rule": refusal.rule, "until": until}
    return told | {"decision": "review", "rule": outcome.outcome.questions[0].rule}


PARTS = {
    "advances": "which invoices move on",
    "lines": "the invoices on it",
    "nets": "sums",
    "others": "further channels",
    "copies": "copies",
    "attach": "what goes along",
    "passed": "channels passed over",
    "language": "language",
    "template": "words",
}
"""What the plan's parts are called; a part without a name stands in the two lines above."""


def _text(row: dict[str, Any]) -> str:
    lines = [
        f"{row['account']}  {row['name']}",
        f"    was  {_words(row['was'])}",
        f"    now  {_words(row['now'])}",
    ]
    parts = [PARTS[name] for name in row["differs_in"] if name in PARTS]
    if parts and row["kind"] == "other_content":
        lines.append(f"    differs in {', '.join(parts)}")
    return "\n".join(lines)


def _words(told: dict[str, Any]) -> str:
    from duewell.core.units.money import Money

    if told["decision"] == "proposal":
        asks = " and ".join(f"{Money(minor, code).decimal():,} {code}" for code, minor in told["asks"].items())
        return f"{told['stage']} by {told['channel']}, {told['tone']} words: {asks}"
    decision = {"rest": "rests", "refused": "refused by the law", "review": "for a person to decide"}
    until = f" until {told['until']}" if told["until"] else ""
    return f"{decision[told['decision']]}: {told['rule']}{until}"


def _next_page(args: argparse.Namespace, after: str) -> str:
    given = {"instead-of": args.instead_of, "as-of": args.as_of, "creditor": args.creditor, "limit": args.limit}
    options = "".join(f" --{name} {shlex.quote(str(value))}" for name, value in given.items() if value)
    return f"more: duewell strategy diff {shlex.quote(args.file)}{options} --after={shlex.quote(after)}"


def _limit(text: str) -> int:
    """Lines of a page, as a type for argparse."""
    from duewell.cli.session import number

    found = number(text)
    if not 1 <= found <= PAGE_MAX:
        raise argparse.ArgumentTypeError(f"a page has 1 to {PAGE_MAX} accounts")
    return found
