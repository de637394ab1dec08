"""strategy simulate: the present book for the next days, under the strategies of today and under a changed one."""

from __future__ import annotations

import argparse
from typing import Any

from duewell.cli import strategy_file
from duewell.cli.output import Out

DAYS, DAYS_MAX = 90, 365
DRAWS, DRAWS_MAX = 20, 1000
ACCOUNTS = 2000


def add(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Declare the command."""
    from duewell.cli import command

    made = command(
        verbs, "simulate", "play the next days on the present book, as customers are known to pay", _simulate
    )
    strategy_file.declare(made)
    made.add_argument("--days", type=_between(1, DAYS_MAX), default=DAYS, metavar="N", help=f"default: {DAYS}")
    made.add_argument(
        "--seed", type=_between(0, 2**31), default=1, metavar="S", help="the same seed, the same play"
    )
    made.add_argument(
        "--draws",
        type=_between(1, DRAWS_MAX),
        default=DRAWS,
        metavar="N",
        help=f"futures to draw (default: {DRAWS})",
    )
    made.add_argument(
        "--accounts",
        type=_between(1, 10**7),
        default=ACCOUNTS,
        metavar="N",
        help=f"look at so many accounts at most, drawn by the seed (default: {ACCOUNTS:,})",
    )


def _simulate(args: argparse.Namespace, out: Out) -> int:
    from duewell.cli.session import Session

    session = Session(args)
    file = strategy_file.found(args.file, session.home.directory)
    found = strategy_file.checked(file)
    if found.strategy is None:
        return strategy_file.tell(file, found, out)
    creditor = session.creditor()
    from duewell import wiring, wiring_strategy
    from duewell.adapters.civil_days import days_of
    from duewell.cli import simulation_text
    from duewell.core.decide.tone import in_tone
    from duewell.core.learn.estimate import Sampled
    from duewell.flows import simulate as flow
    from duewell.flows import simulated

    as_of = session.as_of(creditor)
    strategy = in_tone(found.strategy, creditor.tone)
    world = wiring.world(session.home, creditor, as_of, session.clock, [strategy])
    changed = strategy_file.changed(world.strategies, strategy, args.instead_of)
    everybody = wiring_strategy.debtors(creditor)
    chosen = flow.sample(everybody, args.accounts, args.seed)
    habits = wiring_strategy.habits(creditor, chosen, as_of, out.progress)
    plan = flow.Plan(args.days, args.seed, args.draws)
    played = flow.simulate(world, changed.changed, chosen, habits, plan, days_of(creditor.zone), out.progress)
    placed = strategy_file.told(strategy, changed)
    persons = len({debtor.person for debtor in everybody})
    data: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "days": args.days,
        "seed": args.seed,
        "draws": args.draws,
        **{name: value for name, value in placed.items() if name not in ("present", "changed")},
        "strategies": {name: placed[name] for name in ("present", "changed")},
        "accounts": len(everybody),
        "accounts_looked_at": len(chosen),
        "habits": simulated.habits_told(habits),
        "assumed": [
            *simulated.ASSUMED,
            *([] if habits.invoices else ["Nothing is known of how customers pay: nobody is taken to pay."]),
        ],
        **simulated.told(played, Sampled(played.persons, persons), as_of, args.days),
    }
    title = f"{creditor.name}: {strategy_file.said(strategy, changed)}"
    out.result(data, simulation_text.drawn(title, data, simulation_text.width()))
    return 0


def _between(least: int, most: int) -> Any:
    """A whole number of a range, as a type for argparse."""

    def check(text: str) -> int:
        from duewell.cli.session import number

        found = number(text)
        if not least <= found <= most:
            raise argparse.ArgumentTypeError(f"a number from {least:,} to {most:,}")
        return found

    return check
