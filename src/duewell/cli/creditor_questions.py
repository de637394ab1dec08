"""The profile of a creditor, asked in a terminal where something is missing."""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from duewell.cli.interview import Question, Terminal, interview
from duewell.cli.output import Out, WrongUse
from duewell.flows import creditor as flow

_EXAMPLES = {
    "name": "Acme Supplies Ltd",
    "street": "12 Harbour Road",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE, or Germany",
    "zone": "Europe/Berlin",
    "language": "en",
    "iban": "DE02 1203 0000 0000 2020 51",
    "bic": "BYLADEM1001",
    "account_holder": "Acme Holding GmbH",
    "payment_note": "Pay at https://acme.example/pay",
    "email_from": "accounts@acme.example",
    "reply_to": "service@acme.example",
    "archive": "archive@acme.example",
    "phone": "+49 30 1234567",
    "logo": "/home/me/logo.png, a PNG or SVG of at most 1 MB",
    "tone": "kind, or formal",
}
_TEXTS = {
    "name": "Legal name, as it stands in letters",
    "street": "Street and number",
    "postcode": "Postcode",
    "city": "City",
    "country": "Country",
    "zone": "Time zone",
    "language": "Language of letters where a customer has none",
    "iban": "IBAN that customers pay to",
    "bic": "BIC of that account",
    "account_holder": "Holder of that account, if not the legal name",
    "payment_note": "How to pay, as there is no IBAN",
    "email_from": "Address that mails come from",
    "reply_to": "Address that answers go to, if another",
    "archive": "Archive that gets a copy of every mail (customers never see it)",
    "phone": "Telephone number for questions",
    "logo": "Logo, the path of a PNG or SVG",
    "tone": "How letters speak where a strategy does not say (kind, formal)",
}


def lacking(given: Mapping[str, Any]) -> list[str]:
    """What messages cannot do without and nobody gave."""
    fields = [field for field in (*flow.NEEDED, "email_from") if not given.get(field)]
    return fields if given.get("iban") or given.get("payment_note") else [*fields, "iban"]


def may_ask(args: argparse.Namespace, out: Out, incomplete: bool) -> bool:
    """Whether to ask: something is missing and a person sits there, or questions were asked for.

    Raises:
        WrongUse: `--ask` where nobody can answer.
    """
    someone = sys.stdin.isatty() and sys.stderr.isatty() and not out.as_json
    if args.ask and not someone:
        raise WrongUse("--ask needs a terminal and no --json: give the values as options instead, see --help")
    return bool(someone and (args.ask or (incomplete and args.ask is None)))


def ask_new(key: str | None, given: Mapping[str, Any], checks: flow.CreditorChecks) -> tuple[str, dict[str, Any]]:
    """The key and everything that is told of a new creditor, confirmed by the person. Raises as `interview`."""
    known = _plain(given)
    if key:
        known["key"] = flow.check_key(key)
    questions = _questions(checks)
    questions.insert(1, Question("key", "Short name for commands", "acme", flow.check_key, True, _key_from_name))
    answers = interview(questions, known, Terminal())
    chosen = answers.pop("key")
    return chosen, {**given, **{field: answer for field, answer in answers.items() if answer or field in given}}


def ask_changes(
    present: Mapping[str, Any], given: Mapping[str, Any], checks: flow.CreditorChecks
) -> dict[str, Any]:
    """What the person changed, together with what was given as options. Raises as `interview`."""
    now = {field: str(present[field] or "") for field in _TEXTS}
    answers = interview(_questions(checks, now), _plain(given), Terminal())
    changed = {field: answer for field, answer in answers.items() if answer != now[field]}
    return {**given, **changed}


def _questions(checks: flow.CreditorChecks, now: Mapping[str, str] | None = None) -> list[Question]:
    """Every question. With `now`, what is there already is the default."""

    def check(field: str) -> Callable[[str], str]:
        def checked(answer: str) -> str:
            if now is not None and field == "logo" and answer == now["logo"]:
                return answer
            tidy: str = flow.checked({field: answer}, _without_keeping(checks))[field]
            return tidy

        return checked

    def default(field: str) -> Callable[[Mapping[str, str]], str]:
        made = _DEFAULTS.get(field, _nothing)

        def present_or_made(answers: Mapping[str, str]) -> str:
            if now is None or (field == "bic" and answers.get("iban") != now["iban"]):
                return made(answers)
            return now[field] or made(answers)

        return present_or_made

    return [
        Question(
            field,
            text,
            _EXAMPLES[field],
            check(field),
            field in flow.NEEDED,
            default(field),
            _REMARKS.get(field, lambda answer, answers: ""),
            _WANTED.get(field, lambda answers: True),
        )
        for field, text in _TEXTS.items()
    ]


def _without_keeping(checks: flow.CreditorChecks) -> flow.CreditorChecks:
    """A logo is looked at while asking and copied into the home only with everything else."""
    from duewell.adapters import logos

    def look(path: str) -> str:
        file = Path(path).expanduser().absolute()
        logos.checked(file)
        return str(file)

    return checks._replace(logo=look)


def _nothing(answers: Mapping[str, str]) -> str:
    return ""


def _plain(given: Mapping[str, Any]) -> dict[str, str]:
    return {field: value for field, value in given.items() if field in _TEXTS}


def _key_from_name(answers: Mapping[str, str]) -> str:
    """`Müller & Söhne GmbH` becomes `muller`."""
    plain = unicodedata.normalize("NFKD", answers.get("name", "")).encode("ascii", "ignore").decode().lower()
    words: Sequence[str] = re.findall(r"[a-z0-9]+", plain)
    return words[0] if words else ""


def _zone(answers: Mapping[str, str]) -> str:
    from duewell.adapters.zones import zones_in

    found = zones_in(answers.get("country", ""))
    return found[0] if found else ""


def _language(answers: Mapping[str, str]) -> str:
    from duewell.adapters.texts import LANGUAGES

    spoken = {"AT": "de", "DE": "de", "CH": "de", "LI": "de", "FR": "fr", "ES": "es", "IT": "it", "NL": "nl"}
    wanted = spoken.get(answers.get("country", ""), "en")
    return wanted if wanted in LANGUAGES else "en"


def _bic(answers: Mapping[str, str]) -> str:
    from duewell.adapters.world_checks import bank_of

    return bank_of(answers["iban"])[1] if answers.get("iban") else ""


def _bank(answer: str, answers: Mapping[str, str]) -> str:
    from duewell.adapters.world_checks import bank_of

    bank, _ = bank_of(answer)
    named = f"that is {bank}" if bank else "its check digits are right; no list names the bank of this country"
    country = answers.get("country", "")
    abroad = f" (the account is kept in {answer[:2]}, not in {country})" if country not in ("", answer[:2]) else ""
    return f"{named}{abroad}"


def _alike(answer: str, answers: Mapping[str, str]) -> str:
    domains = {address.rpartition("@")[2] for address in (answer, answers.get("email_from", "")) if address}
    return "another domain than that of the sender: answers may look odd to filters" if len(domains) > 1 else ""


_DEFAULTS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "zone": _zone,
    "language": _language,
    "bic": _bic,
    "tone": lambda answers: "kind",
}
_REMARKS: dict[str, Callable[[str, Mapping[str, str]], str]] = {"iban": _bank, "reply_to": _alike}
_WANTED: dict[str, Callable[[Mapping[str, str]], bool]] = {
    "bic": lambda answers: bool(answers.get("iban")),
    "account_holder": lambda answers: bool(answers.get("iban")),
    "payment_note": lambda answers: not answers.get("iban"),
}
