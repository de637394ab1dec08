"""What came of the time-lapse: who was contacted, what came in, what is owed, what was refused; a picture."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from duewell.adapters.demo import picture
from duewell.adapters.demo.firm import Firm
from duewell.adapters.demo.picture import Curves
from duewell.cli.demo_lapse import Lapse
from duewell.cli.report import BUCKETS

_AGES: Final = dict(
    zip(
        BUCKETS,
        ("not due yet", "1-30 days", "31-60 days", "61-90 days", "over 90 days", "disputed", "unapplied", "total"),
        strict=True,
    )
)
_LAW: Final = {
    "stops.opt_out": "the customer had asked for no more messages",
    "days.holiday": "a public holiday where the customer is",
    "days.weekday": "a Sunday where the customer is",
    "hours": "outside the hours of contact where the customer is",
    "frequency": "too many contacts within a week",
}
_SAID: Final = {
    "promises": "promises to pay by a day",
    "disputes": "disputes of an invoice",
    "says_stop": "wishes for no more messages",
}
_LANGUAGES: Final = {"de": "German", "en": "English", "fr": "French"}
CURRENCY: Final = "EUR"
"""The currency that is drawn; amounts of two currencies are never added up."""


def figures(lapse: Lapse) -> dict[str, Any]:
    """The summary as data; amounts in minor units."""
    firm = lapse.firm
    return {
        "from": firm.started_on.isoformat(),
        "to": (firm.started_on + timedelta(days=firm.days - 1)).isoformat(),
        "sent": {**lapse.counts, "by_stage": dict(lapse.sent)},
        "letters": lapse.by_hand["letters"],
        "letters_returned": lapse.by_hand["returned"],
        "calls": {"made": lapse.by_hand["calls"], **lapse.rang},
        "withheld": dict(lapse.withheld),
        "refused_by_law": dict(lapse.refused),
        "said": dict(lapse.said),
        "cash_in": {currency: lapse.paid[currency] for currency in sorted(lapse.paid)},
        "cash_in_without": cash_without(firm),
        "aging": lapse.aging,
        "overdue": [
            {"on": day.on.isoformat(), "with": day.overdue, "without": day.overdue_without} for day in lapse.days
        ],
        "books_agree": lapse.agrees,
    }


def cash_without(firm: Firm) -> dict[str, int]:
    """What would have come in if nobody had said a word, by currency."""
    end = firm.started_on + timedelta(days=firm.days)
    found: dict[str, int] = {}
    for debt in sorted(firm.debts, key=lambda each: each.currency):
        if firm.started_on <= debt.alone_on < end:
            found[debt.currency] = found.get(debt.currency, 0) + debt.amount_minor
    return found


def text(lapse: Lapse, picture_file: Path) -> str:
    """The summary for people."""
    width = shutil.get_terminal_size((80, 24)).columns
    firm = lapse.firm
    last = firm.started_on + timedelta(days=firm.days - 1)
    lines = [
        "",
        f"Kornblum Bio-Großhandel GmbH, {len(firm.customers):,} customers,"
        f" {_spelled(firm.started_on)} to {_spelled(last)}",
        "",
        *picture.terminal(_curves(lapse), width),
        "",
        *_contacted(lapse),
        "",
        *_cash(lapse),
        "",
        *_aging(lapse),
        "",
        *_refused(lapse),
        "",
        "Duewell's books and those of the made-up firm were kept apart and "
        + ("say the same, to the cent." if lapse.agrees else "DIFFER: that must not happen."),
        "How customers react is made up; the numbers of your own firm will be others.",
        f"Picture: {picture_file}",
    ]
    return "\n".join(lines)


def draw(lapse: Lapse, file: Path) -> None:
    """Write the picture as an SVG file."""
    file.write_text(picture.svg(_curves(lapse)), encoding="utf-8")


def _curves(lapse: Lapse) -> Curves:
    return Curves(
        title=f"Overdue, {CURRENCY}",
        days=[day.on for day in lapse.days],
        kind=[day.overdue.get(CURRENCY, 0) for day in lapse.days],
        silent=[day.overdue_without.get(CURRENCY, 0) for day in lapse.days],
        kind_name="with Duewell",
        silent_name="if nobody had said a word",
        spelled=lambda minor: f"{minor // 100:,}",
    )


def _contacted(lapse: Lapse) -> list[str]:
    counts = lapse.counts
    stages = ", ".join(f"{count:,} {stage}" for stage, count in lapse.sent.items() if count)
    languages = ", ".join(
        f"{count:,} {_LANGUAGES.get(language, language)}" for language, count in lapse.languages.most_common()
    )
    lines = [
        "Who was contacted",
        f"  {counts['accepted']:>8,} mails to {lapse.customers_reached:,} customers",
        f"  {'':>8} in their language: {languages}",
        f"  {'':>8} claimed by step, on every channel: {stages}",
    ]
    for what, title in (
        ("letters", "letters to people without a working e-mail address"),
        ("returned", "of them came back"),
        ("calls", f"calls ({_ended(lapse)})"),
    ):
        if lapse.by_hand[what]:
            lines.append(f"  {lapse.by_hand[what]:>8,} {title}")
    if counts["refused"]:
        lines.append(
            f"  {counts['refused']:>8,} mails to an address that is no more: a letter went in their stead"
        )
    lines += [f"  {count:>8,} {_SAID.get(what, what)}" for what, count in lapse.said.most_common()]
    return lines


def _ended(lapse: Lapse) -> str:
    return ", ".join(f"{count:,} {ring.replace('_', ' ')}" for ring, count in lapse.rang.most_common(4))


def _cash(lapse: Lapse) -> list[str]:
    without = cash_without(lapse.firm)
    lines = [f"{'Cash in':<18}{'with Duewell':>16}{'doing nothing':>16}{'more':>16}"]
    for currency in sorted(set(lapse.paid) | set(without)):
        paid, alone = lapse.paid[currency], without.get(currency, 0)
        lines.append(f"  {currency:<16}{_sum(paid):>16}{_sum(alone):>16}{_sum(paid - alone):>16}")
    return lines


def _aging(lapse: Lapse) -> list[str]:
    lines = []
    worlds = ("before", "after", "without")
    for currency in sorted({currency for world in worlds for currency in lapse.aging[world]}):
        lines.append(f"{'Owed, ' + currency:<18}{'before':>16}{'with Duewell':>16}{'doing nothing':>16}")
        for bucket, title in _AGES.items():
            row = [lapse.aging[world].get(currency, {}).get(bucket, 0) for world in worlds]
            if any(row) or bucket == "total":
                lines.append(f"  {title:<16}" + "".join(f"{_sum(minor):>16}" for minor in row))
    return lines


def _refused(lapse: Lapse) -> list[str]:
    lines = ["What the law refused (customers, counted each day)"]
    lines += [
        f"  {count:>8,} {rule}: {_LAW.get(rule, 'see duewell law show ' + rule)}"
        for rule, count in lapse.refused.most_common()
    ]
    return lines if len(lines) > 1 else [*lines, "         nothing"]


def _sum(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}" if minor >= 0 else f"-{_sum(-minor)}"


def _spelled(day: Any) -> str:
    return f"{day.day} {day:%B} {day.year}"
