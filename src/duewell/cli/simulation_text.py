"""A simulation drawn in the terminal: plain characters, as wide as the terminal, readable without colour."""

from __future__ import annotations

import shutil
import textwrap
from datetime import date, timedelta
from typing import Any

from duewell.core.units.money import Money

NARROWEST, WIDEST = 60, 120
_NOW, _THEN, _CASH = "-", "=", "#"


def width() -> int:
    """Columns of the terminal, within reason."""
    return min(WIDEST, max(NARROWEST, shutil.get_terminal_size((80, 24)).columns))


def drawn(title: str, data: dict[str, Any], columns: int) -> str:
    """The whole picture. Lines are at most `columns` wide."""
    last = date.fromisoformat(data["as_of"]) + timedelta(days=data["days"] - 1)
    alike = data["present"] == data["changed"]
    parts = [
        _wrapped(title, columns),
        f"{data['as_of']} to {last}, {data['days']} days, {data['draws']} draws, seed {data['seed']}",
        *_wrapped_lines(_looked_at(data), columns),
        *_wrapped_lines(_habits(data["habits"]), columns),
        "",
        *_messages(data, columns, alike=alike),
    ]
    for currency in data["open_today"]:
        parts += ["", *_cash(data, currency, columns), "", *_open(data, currency)]
    parts += ["", "What was assumed"]
    for sentence in data["assumed"]:
        parts += textwrap.wrap(sentence, columns, initial_indent="  * ", subsequent_indent="    ")
    return "\n".join(parts)


def _looked_at(data: dict[str, Any]) -> str:
    looked, whole = data["accounts_looked_at"], data["accounts"]
    if looked == whole:
        return f"All {whole:,} account(s) with something open were played."
    return (
        f"{looked:,} of {whole:,} accounts with something open were played, drawn by the seed; totals stand for"
        " all, give or take the error beside them. More with --accounts."
    )


def _habits(habits: dict[str, Any]) -> str:
    if not habits["invoices"]:
        return "Nothing is known of how customers pay."
    return (
        f"Habits were learned from {habits['invoices']:,} paid invoice(s) of {habits['customers']:,} customer(s);"
        f" {habits['regular_percent']} of 100 customers are regular and go by their own past, the others are"
        " drawn to that of all."
    )


def _messages(data: dict[str, Any], columns: int, *, alike: bool) -> list[str]:
    now, then = data["present"], data["changed"]
    rows = [("messages", "now", "" if alike else "then")]
    steps = {}
    for side in (now, then):
        for stage, channels in side["messages"]["by_stage"].items():
            for channel in channels:
                steps[stage, channel] = f"  {stage} by {channel}"
    for (stage, channel), text in steps.items():
        found = [side["messages"]["by_stage"].get(stage, {}).get(channel) for side in (now, then)]
        rows.append((text, _count(found[0]), _count(found[1])))
    rows.append(("  in all", _count(now["messages"]["total"]), _count(then["messages"]["total"])))
    for kind, text in (("refused", "refused by law"), ("review", "asked a person")):
        for rule in sorted({*now[kind], *then[kind]}):
            rows.append((f"  {text}: {rule}", _count(now[kind].get(rule)), _count(then[kind].get(rule))))
    first = max(len(row[0]) for row in rows)
    lines = [f"{row[0]:<{first}}  {row[1]:>16}" + ("" if alike else f"  {row[2]:>16}") for row in rows]
    weeks = _weeks(data, lambda day: sum(sum(one.values()) for one in day["messages"].values()))
    most = max((max(one, other) for _, one, other in weeks), default=0)
    if most:
        legend = "messages by week" if alike else f"messages by week: {_NOW} now, {_THEN} then"
        lines += ["", legend]
        room = columns - 24
        for week, one, other in weeks:
            lines.append(f"  {week}  {_bar(one, most, room, _NOW)} {one:,}")
            if not alike:
                lines.append(f"  {'':10}  {_bar(other, most, room, _THEN)} {other:,}")
    return lines


def _cash(data: dict[str, Any], currency: str, columns: int) -> list[str]:
    found = data["changed"]["cash"][currency]
    weeks = _weeks(data, lambda day: day["cash"].get(currency, 0))
    most = max((other for _, _, other in weeks), default=0)
    lines = [
        f"cash expected in {currency}: {_sum(found['mean'], currency)}, four times of five from "
        f"{_sum(found['low'], currency)} to {_sum(found['high'], currency)}"
    ]
    for side, name in ((data["present"], "now"), (data["changed"], "then")):
        cash = side["cash"][currency]
        before, after = (_sum(cash[key], currency) for key in ("before_any_message", "after_a_message"))
        lines.append(f"  {name}: {before} of it before any message of ours, {after} after one")
        if data["present"] == data["changed"]:
            break
    lines = [part for line in lines for part in _wrapped_lines(line, columns)]
    room = columns - 36
    lines += [
        f"  {week}  {_bar(other, most, room, _CASH)} {_sum(other, currency)}" for week, _, other in weeks if most
    ]
    return lines


def _open(data: dict[str, Any], currency: str) -> list[str]:
    names = {
        "current": "not yet due",
        "d1_30": "1 to 30 days late",
        "d31_60": "31 to 60 days late",
        "d61_90": "61 to 90 days late",
        "d91_plus": "more than 90",
        "total": "in all",
    }
    today, end = data["open_today"][currency], data["changed"]["open_at_end"][currency]
    lines = [f"open in {currency:<15}{'today':>18}{'at the end':>18}"]
    for key, name in names.items():
        lines.append(f"  {name:<20}{_sum(today[key], currency):>18}{_sum(end[key], currency):>18}")
    return lines


def _weeks(data: dict[str, Any], of_day: Any) -> list[tuple[str, int, int]]:
    """By week from the first day on: its first day, and the sums of both sides."""
    first = date.fromisoformat(data["as_of"])
    count = (data["days"] + 6) // 7
    sums = [[0] * count, [0] * count]
    for place, side in enumerate(("present", "changed")):
        for day in data[side]["days"]:
            sums[place][(date.fromisoformat(day["on"]) - first).days // 7] += of_day(day)
    return [
        ((first + timedelta(weeks=number)).isoformat(), sums[0][number], sums[1][number])
        for number in range(count)
    ]


def _bar(value: int, most: int, room: int, sign: str) -> str:
    """At least one sign where there is anything."""
    return sign * (max(1, value * room // most) if value > 0 else 0)


def _count(found: dict[str, int] | None) -> str:
    if found is None:
        return "0"
    return f"{found['mean']:,}" + (f" +-{found['error']:,}" if found["error"] else "")


def _sum(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).decimal():,}"


def _wrapped(text: str, columns: int) -> str:
    return "\n".join(_wrapped_lines(text, columns))


def _wrapped_lines(text: str, columns: int) -> list[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    return textwrap.wrap(text, columns, subsequent_indent=indent) or [""]
