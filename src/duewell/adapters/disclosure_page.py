"""What is held on a person, for programs and as a page for people: without script, loading nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from duewell.core.units.money import exponent

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:.3rem 0 1rem;display:block;overflow-x:auto}"
    "th,td{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top}"
    "td{overflow-wrap:break-word;max-width:34rem}th{background:#f4f4f4;font-weight:600;white-space:nowrap}"
    "h2{margin-top:2rem;border-bottom:2px solid #ddd}h3{margin-top:1.5rem}"
)
_TECHNICAL = frozenset("creditor_id party_id person_id account_id version batch listed_batch rank stream".split())
"""What leads only from row to row: it stands in the JSON."""
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?\+00:00")
_WORDS = {
    "parties": "What is known of you",
    "contact_points": "Addresses and numbers",
    "stands_on": "Accounts on which you stand",
    "accounts": "Your accounts",
    "receivables": "Invoices",
    "entries": "Every movement of money, in minor units",
    "payments": "Payments and credit notes",
    "payments_met": "How files told of these payments",
    "holds": "When and why we waited",
    "messages": "Messages to you",
    "attempts": "How they were delivered",
    "questions": "Questions that people here were asked",
    "facts": "Everything that was recorded, in order",
    "stops": "What you asked us not to do",
    "noted": "What is noted of you",
    "moves": "With whom you were thought to be one",
    "documents": "Documents of invoices",
    "imports": "Files in which you stood",
    "replaced_terms": "What such files changed",
    "rejected_rows": "Rows that could not be read and name you",
    "house_facts": "What was noted of our work and names you",
    "flags": "Marks on you",
}


def plain_json(data: Mapping[str, Any]) -> bytes:
    """The data as JSON."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def page(data: Mapping[str, Any], files: Sequence[str]) -> bytes:
    """The data as a page that a browser shows without anything else."""
    parts = [f"<h2>With every creditor here</h2>{_section(data['person'], 3)}"]
    for creditor in data["creditors"]:
        told = {key: value for key, value in creditor.items() if key not in ("creditor", "name")}
        parts.append(f"<h2>{escape(str(creditor['name']))}</h2>{_section(told, 3)}")
    if data.get("files"):
        parts.append(f"<h2>Files here that name you</h2><p>{escape(', '.join(data['files']))}</p>")
    links = "".join(f'<li><a href="{escape(name)}">{escape(name)}</a></li>' for name in files)
    if links:
        parts.append(f"<h2>Messages as they left, and documents as they came</h2><ul>{links}</ul>")
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>What is held on you</title>"
        f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>"
        "<h1>What is held on you</h1><p>The same is in person.json for programs. There amounts"
        f" are in minor units (cents). Times are UTC.</p>{''.join(parts)}</html>\n"
    ).encode()


def _section(data: Mapping[str, Any], depth: int) -> str:
    """Plain values as one table, lists below it, each under its heading."""
    lists = {key: value for key, value in data.items() if isinstance(value, list) and value}
    plain = {key: value for key, value in data.items() if not isinstance(value, list) and value not in ("", None)}
    parts = [_table([plain])] if plain else []
    for key, rows in lists.items():
        heading = escape(_WORDS.get(key, key.replace("_", " ")))
        parts.append(f"<h{min(depth, 6)}>{heading}</h{min(depth, 6)}>")
        if all(isinstance(row, dict) for row in rows):
            nested = any(isinstance(value, list) for row in rows for value in row.values())
            parts.append("".join(_section(row, depth + 1) for row in rows) if nested else _table(rows))
        else:
            parts.append(f"<p>{escape(', '.join(map(str, rows)))}</p>")
    return "".join(parts)


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """One column for each name that has a value in one of the rows."""
    names = [
        name
        for name in rows[0]
        if name not in _TECHNICAL and any(row.get(name) not in ("", None, []) for row in rows)
    ]
    head = "".join(f"<th>{escape(name.removesuffix('_minor').replace('_', ' '))}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{_cell(name, row)}</td>" for name in names) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(name: str, row: Mapping[str, Any]) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if name.endswith("_minor") and isinstance(value, int) and row.get("currency"):
        currency = str(row["currency"])
        digits = exponent(currency)
        return escape(f"{Decimal(value).scaleb(-digits):,.{digits}f} {currency}")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return escape(_INSTANT.sub(r"\1 \2", text))
