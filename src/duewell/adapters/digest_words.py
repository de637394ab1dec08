"""The words of a digest: in English and German; whoever reads another language gets English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duewell.adapters.texts import formats
from duewell.flows.digest import Digest

_ENGLISH: Final[dict[str, str]] = {
    "subject": "{name}: {day}, {sent} sent, {waits} waiting",
    "quiet_subject": "{name}: nothing to do",
    "quiet": "Nothing happened in the week up to {day}: nothing was sent, nothing came in, nothing waits.",
    "out": "What went out",
    "asked": "asked for: {sums}",
    "none_out": "nothing",
    "refused_by_server": "{count} refused by the mail server: duewell review list",
    "unknown": "{count} of which nobody knows whether they arrived: duewell review list",
    "deferred": "{count} put off by the mail server; they are tried again",
    "withheld": "{count} withheld: {reason}",
    "in": "What came in",
    "payment": "{count} payment(s), {sum}",
    "credit": "{count} credit note(s), {sum}",
    "file": "a file of {kind}: {new} new, {changed} changed",
    "rejected": "{count} row(s) were not taken",
    "none_in": "nothing",
    "law": "What the law did not allow",
    "law_line": "{count} account(s): {reason} (duewell why ACCOUNT says more)",
    "waits": "What waits for a person",
    "run": "run {run} for {day}: {count} message(s). Release it: duewell release {run}",
    "question": "{count} question(s) about {kind}: duewell review list",
    "night": "the night of {day} did not happen: duewell doctor",
    "none_waits": "nothing",
    "coming": "What {day} brings",
    "none_coming": "no message",
    "end": "Duewell sends this each morning after a day on which something happened, and once a week otherwise.",
}
_GERMAN: Final[dict[str, str]] = {
    "subject": "{name}: {day}, {sent} versendet, {waits} offen",
    "quiet_subject": "{name}: nichts zu tun",
    "quiet": "In der Woche bis {day} ist nichts geschehen: nichts versendet, nichts eingegangen, nichts offen.",
    "out": "Was hinausging",
    "asked": "gefordert: {sums}",
    "none_out": "nichts",
    "refused_by_server": "{count} vom Mailserver abgelehnt: duewell review list",
    "unknown": "{count}, von denen niemand weiß, ob sie ankamen: duewell review list",
    "deferred": "{count} vom Mailserver aufgeschoben; sie werden erneut versucht",
    "withheld": "{count} zurückgehalten: {reason}",
    "in": "Was eingegangen ist",
    "payment": "{count} Zahlung(en), {sum}",
    "credit": "{count} Gutschrift(en), {sum}",
    "file": "eine Datei ({kind}): {new} neu, {changed} geändert",
    "rejected": "{count} Zeile(n) wurden nicht übernommen",
    "none_in": "nichts",
    "law": "Was das Recht nicht erlaubte",
    "law_line": "{count} Konto/Konten: {reason} (mehr sagt duewell why KONTO)",
    "waits": "Was auf einen Menschen wartet",
    "run": "Lauf {run} für {day}: {count} Nachricht(en). Freigeben: duewell release {run}",
    "question": "{count} Frage(n) ({kind}): duewell review list",
    "night": "die Nacht des {day} fand nicht statt: duewell doctor",
    "none_waits": "nichts",
    "coming": "Was der {day} bringt",
    "none_coming": "keine Nachricht",
    "end": "Duewell sendet dies am Morgen nach jedem Tag, an dem etwas geschah, und sonst einmal in der Woche.",
}
_NAMES: Final[dict[str, dict[str, str]]] = {
    "de": {
        "upcoming": "vor Fälligkeit", "due": "fällig", "first": "erste Erinnerung", "second": "zweite Erinnerung",
        "firm": "deutliche Erinnerung", "final": "letzte Erinnerung", "handover": "Übergabe",
        "refused": "abgelehnte Nachrichten", "unknown": "Nachrichten, deren Verbleib ungewiss ist",
        "hold": "Wartezeiten", "law": "rechtliche Prüfungen",
        "invoices": "Rechnungen", "customers": "Kunden", "payments": "Zahlungen", "credits": "Gutschriften",
        "paid": "bezahlt", "promised": "Zahlung zugesagt", "held": "wartet", "disputed": "strittig",
    },
    "en": {
        "upcoming": "before the due date", "due": "due", "first": "first reminder", "second": "second reminder",
        "firm": "firm reminder", "final": "last reminder", "handover": "handover",
        "refused": "refused messages", "unknown": "messages of unknown fate", "hold": "holds", "law": "the law",
        "paid": "paid meanwhile", "promised": "payment was promised", "held": "on hold", "disputed": "disputed",
    },
}  # fmt: skip
LANGUAGES: Final = ("en", "de")


def words(told: Digest, name: str, language: str, country: str) -> tuple[str, str, str]:
    """Subject, text and the language they are in.

    Args:
        told: the day.
        name: of the creditor.
        language: of the creditor.
        country: of the creditor; decides how sums and dates are written.
    """
    spoken = language if language in LANGUAGES else "en"
    page = _Page(_GERMAN if spoken == "de" else _ENGLISH, _NAMES[spoken], formats.locale(spoken, country))
    day = page.day(told.on_day)
    if told.quiet:
        return page.say("quiet_subject", name=name), page.say("quiet", day=day) + "\n", spoken
    waits = len(told.waiting) + sum(told.questions.values()) + len(told.lost_nights)
    subject = page.say("subject", name=name, day=day, sent=sum(told.sent.stages.values()), waits=waits)
    return subject, page.text(told), spoken


class _Page:
    def __init__(self, say: Mapping[str, str], names: Mapping[str, str], locale: str) -> None:
        self._say = say
        self._names = names
        self._locale = locale

    def say(self, key: str, **values: Any) -> str:
        return self._say[key].format(**values)

    def day(self, day: Any) -> str:
        return formats.short_date(day, self._locale)

    def text(self, told: Digest) -> str:
        from datetime import timedelta

        coming = self.say("coming", day=self.day(told.on_day + timedelta(days=1)))
        parts = [
            self._part(self.say("waits"), self._waits(told), self.say("none_waits")),
            self._part(self.say("out"), self._out(told), self.say("none_out")),
            self._part(self.say("in"), self._in(told), self.say("none_in")),
            self._part(coming, self._stages(told.coming), self.say("none_coming")),
        ]
        law = [
            self.say("law_line", count=count, reason=self._name(rule))
            for rule, count in sorted(told.refused.items())
        ]
        if law:
            parts.append(self._part(self.say("law"), law, ""))
        return "\n\n".join([*parts, self.say("end")]) + "\n"

    def _part(self, title: str, lines: list[str], otherwise: str) -> str:
        return "\n".join([f"{title}:", *(f"  {line}" for line in lines or [otherwise])])

    def _waits(self, told: Digest) -> list[str]:
        lines = [self.say("night", day=self.day(night)) for night in told.lost_nights]
        lines += [
            self.say("run", run=run.run, day=self.day(run.as_of), count=run.messages) for run in told.waiting
        ]
        return lines + [
            self.say("question", count=count, kind=self._name(kind))
            for kind, count in sorted(told.questions.items())
        ]

    def _out(self, told: Digest) -> list[str]:
        lines = self._stages(told.sent.stages)
        if told.sent.asked_minor:
            sums = ", ".join(self._money(minor, currency) for currency, minor in told.sent.asked_minor.items())
            lines.append(self.say("asked", sums=sums))
        keys = {"refused": "refused_by_server", "unknown": "unknown", "deferred": "deferred"}
        lines += [self.say(keys[kind], count=count) for kind, count in sorted(told.lost.items())]
        return lines + [
            self.say("withheld", count=count, reason=self._name(reason))
            for reason, count in sorted(told.withheld.items())
        ]

    def _in(self, told: Digest) -> list[str]:
        lines = [
            self.say(
                "credit" if money.kind == "credit" else "payment",
                count=money.number,
                sum=self._money(money.amount_minor, money.currency),
            )
            for money in told.came_in
        ]
        for file in told.listed:
            line = self.say("file", kind=self._name(file.kind), new=file.new, changed=file.changed)
            lines.append(line + (f", {self.say('rejected', count=file.rejected)}" if file.rejected else ""))
        return lines

    def _stages(self, stages: Mapping[str, int]) -> list[str]:
        order = list(self._names)
        return [
            f"{count:,} x {self._name(stage)}"
            for stage, count in sorted(
                stages.items(), key=lambda one: order.index(one[0]) if one[0] in order else 99
            )
        ]

    def _money(self, minor: int, currency: str) -> str:
        sign = "-" if minor < 0 else ""
        return sign + formats.money(abs(minor), currency, self._locale)

    def _name(self, word: str) -> str:
        return self._names.get(word, word.replace("_", " "))
