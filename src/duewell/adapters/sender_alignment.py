"""Will other servers believe that mail from this address is ours: SPF, DKIM and DMARC, as far as names tell.

Sources: RFC 7208 (SPF), RFC 6376 and RFC 8301 (DKIM), RFC 7489 (DMARC). Our mails bear one domain in the sender of
the envelope and in From, so that SPF is aligned wherever it passes; a signature is aligned where its key is
published under that domain.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

USUAL_SELECTORS: Final = (
    "default", "mail", "dkim", "smtp", "s1", "s2", "k1", "k2", "selector1", "selector2", "google", "mx", "key1",
)  # fmt: skip
"""Names under which providers publish keys; asked where none is configured."""
_LOOKUPS_MAX: Final = 10
"""Of an SPF record and all it includes (RFC 7208, 4.6.4); beyond it the answer is an error."""
_RSA_BITS_MIN: Final = 1024
_ASKS: Final = re.compile(r"[+?~-]?(a|mx|ptr|exists|include)(?=[:/]|$)(?::([^/]+))?", re.IGNORECASE)


WHAT: Final = ("SPF", "DKIM", "DMARC", "answers")


class Names(Protocol):
    """The name system."""

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name."""
        ...

    def has_mail_server(self, domain: str) -> bool:
        """Whether mail to the domain has somewhere to go."""
        ...


class Told(NamedTuple):
    """What was found of one of the three; the remedy is empty where all is well."""

    what: str
    text: str
    remedy: str = ""


def alignment(domain: str, selectors: Sequence[str], names: Names) -> list[Told]:
    """SPF, DKIM, DMARC and the way back of a sender's domain.

    Raises:
        Silent: no name server answers.
    """
    domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    return [_spf(domain, names), _dkim(domain, selectors, names), _dmarc(domain, names), _back(domain, names)]


def _spf(domain: str, names: Names) -> Told:
    records = _spf_records(domain, names)
    write = f'publish one TXT record at {domain} that begins with "v=spf1" and names your mail provider'
    if not records:
        return Told("SPF", f"{domain} says nothing about who may send for it", write)
    if len(records) > 1:
        return Told(
            "SPF", f"{domain} has {len(records)} SPF records, so none counts", f"leave one of them at {domain}"
        )
    lookups = _lookups(domain, records[0], names, set())
    if lookups > _LOOKUPS_MAX:
        text = f"the SPF record of {domain} asks {lookups} further names, and {_LOOKUPS_MAX} are allowed: it fails"
        return Told("SPF", text, "take out includes that you do not use")
    words = records[0].lower().split()
    if {"all", "+all"} & set(words):
        return Told("SPF", f"the SPF record of {domain} lets everybody send for it", "end it with ~all or -all")
    if not any(word in ("-all", "~all", "?all") or word.startswith("redirect=") for word in words):
        return Told("SPF", f"the SPF record of {domain} has no end", "end it with ~all or -all")
    return Told(
        "SPF", f"{domain} says who may send for it (that your mail server is among them cannot be seen here)"
    )


def _spf_records(domain: str, names: Names) -> list[str]:
    return [text for text in names.texts(domain) if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def _lookups(domain: str, record: str, names: Names, seen: set[str]) -> int:
    """How many names a receiver has to ask, its includes counted in."""
    seen.add(domain)
    count = 0
    for word in record.split()[1:]:
        asks = _ASKS.fullmatch(word)
        further = ""
        if word.lower().startswith("redirect="):
            further, count = word.partition("=")[2], count + 1
        elif asks:
            count += 1
            further = asks[2] or "" if asks[1].lower() == "include" else ""
        if further and "%" not in further and further not in seen and count <= _LOOKUPS_MAX:
            for included in _spf_records(further, names)[:1]:
                count += _lookups(further, included, names, seen)
    return count


def _dkim(domain: str, selectors: Sequence[str], names: Names) -> Told:
    found: list[str] = []
    wrong: list[str] = []
    for selector in selectors or USUAL_SELECTORS:
        for text in names.texts(f"{selector}._domainkey.{domain}"):
            problem = _key_problem(text)
            (wrong if problem else found).append(f"{selector}: {problem}" if problem else selector)
            if found and not selectors:
                break
    if wrong:
        return Told(
            "DKIM",
            f"a key of {domain} cannot be used ({'; '.join(wrong)})",
            "publish it again as your mail provider gives it",
        )
    if found:
        return Told(
            "DKIM",
            f"{domain} publishes a key ({', '.join(found)}); whether your mail server uses it cannot be seen here",
        )
    if selectors:
        text = f"{domain} publishes no key under {', '.join(selectors)}"
        return Told(
            "DKIM",
            text,
            f"publish the TXT record at {selectors[0]}._domainkey.{domain} that your mail provider gives",
        )
    text = f"{domain} publishes no key under any of the usual names"
    return Told(
        "DKIM", text, "let your mail provider sign, and name its selector: [work] dkim_selectors in duewell.toml"
    )


def _key_problem(text: str) -> str:
    """What is wrong with a published key; empty where nothing is."""
    tags = _tags(text)
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return "no DKIM record"
    key = re.sub(r"\s", "", tags["p"])
    if not key:
        return "the key was revoked"
    try:
        raw = base64.b64decode(key, validate=True)
    except ValueError:
        return "the key is not whole"
    if tags.get("k", "rsa") == "ed25519":
        return "" if len(raw) == 32 else "the key is not whole"
    return _rsa_problem(raw)


def _rsa_problem(raw: bytes) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return "the key is not whole"
    if isinstance(key, RSAPublicKey) and key.key_size < _RSA_BITS_MIN:
        return f"the key has {key.key_size} bits, and receivers want {_RSA_BITS_MIN}"
    return ""


def _dmarc(domain: str, names: Names) -> Told:
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        at = ".".join(labels[start:])
        records = [text for text in names.texts(f"_dmarc.{at}") if _tags(text).get("v") == "DMARC1"]
        if len(records) > 1:
            return Told(
                "DMARC", f"{at} has {len(records)} DMARC records, so none counts", f"leave one at _dmarc.{at}"
            )
        if records:
            policy = _tags(records[0]).get("p", "")
            if policy not in ("none", "quarantine", "reject"):
                return Told(
                    "DMARC",
                    f"the DMARC record of {at} has no policy",
                    f"write p=none at _dmarc.{at} to begin with",
                )
            return Told("DMARC", f"{at} asks receivers for p={policy}")
    write = f'publish a TXT record at _dmarc.{domain}, "v=DMARC1; p=none" to begin with'
    return Told("DMARC", f"{domain} does not say what to do with forged mail, and large mailboxes want it", write)


def _back(domain: str, names: Names) -> Told:
    if names.has_mail_server(domain):
        return Told("answers", f"mail to {domain} has somewhere to go")
    text = f"{domain} has no mail server: answers and bounces are lost"
    return Told("answers", text, f"publish an MX record for {domain}, or send from another domain")


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
