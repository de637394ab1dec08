"""One seed of the simulation, played from the first day to the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.simulation.book import Ladder, Step
from tests.simulation.model import Model, Policy
from tests.simulation.simulation import Simulation
from tests.simulation.trial import Trial
from tests.simulation.weather import Weather
from tests.town.road import road

STRATEGY = Path(__file__).with_name("simulated.yaml")
POLICY = Policy(
    ladder=Ladder(
        steps=(
            Step("upcoming", -3),
            Step("due", 0),
            Step("first", 4),
            Step("second", 9, business_days_only=True),
            Step("firm", 15),
            Step("final", 24),
        ),
        grace_days=2,
        least_gap_days=2,
        minimum_minor={"EUR": 500, "USD": 500, "GBP": 500, "JPY": 500},
    ),
    zone="Europe/Berlin",
    country="DE",
    books_max_age_days=3,
)
"""`simulated.yaml` beside this file, and the creditor of the town, as the model knows them."""


def play(
    seed: int,
    days: int,
    directory: Path,
    url: str | None = None,
    *,
    kills: float = 10,
    faults: float = 20,
    tell: Callable[[int, Counter[str]], None] = lambda day, counts: None,
) -> Counter[str]:
    """Live through so many days; what happened, counted.

    Args:
        kills: chances in a hundred that a command is doubled, that it is killed, and more that a send is.
        faults: chances in a hundred that the mail server treats a message badly.

    Raises:
        AssertionError: the town differs from the model; the message says how to play the seed again.
    """
    with road(directory, url, strategy=STRATEGY, books_max_age=str(POLICY.books_max_age_days)) as (town, workers):
        weather = Weather(seed)
        trial = Trial(town, workers, Model(POLICY), weather, kills, faults)
        simulation = Simulation(trial, weather)
        day = -1
        try:
            simulation.found()
            for day in range(days):
                simulation.day(day)
                tell(day, trial.counts)
            trial.prove()
        except (AssertionError, LookupError, TimeoutError, ValueError) as problem:
            where = "postgresql" if url else "sqlite"
            again = f"python -m tests.simulation --seed {seed} --days {days} --on {where}"
            raise AssertionError(f"day {day}, {town.now}: {problem}\nplay it again: {again}") from problem
    return trial.counts
