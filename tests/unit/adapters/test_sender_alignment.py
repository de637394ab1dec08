"""SPF, DKIM and DMARC as a name server on this machine tells them, and silence where it does not."""

from __future__ import annotations

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from duewell.adapters.name_server import NameServer, Silent
from duewell.adapters.sender_alignment import Told, alignment
from tests.loopback_names import name_server

D = "acme.example"


def _key(bits: int) -> str:
    # Any odd number of that length: nobody signs with it.
    key = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) + 1).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def _txt(text: str) -> list[str]:
    """A record as a zone file writes it: pieces of at most 255 letters."""
    return [" ".join(f'"{text[start : start + 250]}"' for start in range(0, len(text), 250))]


GOOD = {
    (D, "TXT"): ['"v=spf1 include:mail.example -all"', '"some-verification=1"'],
    ("mail.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    (f"s1._domainkey.{D}", "TXT"): _txt(f"v=DKIM1; k=rsa; p={_key(2048)}"),
    (f"_dmarc.{D}", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:a@acme.example"'],
    (D, "MX"): ["10 mx.acme.example."],
}


def told(
    names: dict[tuple[str, str], list[str]], selectors: tuple[str, ...] = (), domain: str = D
) -> dict[str, Told]:
    with name_server(names) as server:
        return {one.what: one for one in alignment(domain, selectors, NameServer(server))}


def test_a_domain_with_all_of_it_has_nothing_to_mend():
    found = told(GOOD)
    assert [one.remedy for one in found.values()] == ["", "", "", ""]
    assert "s1" in found["DKIM"].text
    assert "p=quarantine" in found["DMARC"].text


def test_a_domain_with_nothing_is_told_what_to_publish():
    found = told({("other.example", "TXT"): ['"v=spf1 -all"']})
    assert 'begins with "v=spf1"' in found["SPF"].remedy
    assert "dkim_selectors" in found["DKIM"].remedy
    assert found["DMARC"].remedy.startswith(f"publish a TXT record at _dmarc.{D}")
    assert "MX" in found["answers"].remedy


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (['"v=spf1 -all"', '"v=spf1 mx -all"'], "2 SPF records"),
        (['"v=spf1 +all"'], "lets everybody"),
        (['"v=spf1 all"'], "lets everybody"),
        (['"v=spf1 mx"'], "no end"),
        (['"v=spf10 -all"'], "says nothing"),
        ([f'"v=spf1 {" ".join(f"a:h{n}.acme.example" for n in range(11))} -all"'], "asks 11 further names"),
        (['"v=spf1 include:loop.example -all"'], "asks"),
        (['"v=spf1 redirect=mail.example"'], ""),
        (['"v=spf1 a mx include:mail.example ~all"'], ""),
        (['"v=spf1 include:%{i}.mail.example -all"'], ""),
    ],
)
def test_an_spf_record_that_would_not_count_is_found(records: list[str], said: str):
    many = " ".join(f"include:m{n}.example" for n in range(11))
    names = {
        **GOOD,
        (D, "TXT"): records,
        ("loop.example", "TXT"): _txt(f"v=spf1 include:loop.example {many} -all"),
    }
    found = told(names)["SPF"]
    assert bool(found.remedy) == bool(said)
    assert said in found.text


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; k=rsa; p=AAAA", "not whole"),
        ("v=DKIM1; k=rsa; p=!!", "not whole"),
        (f"v=DKIM1; p={_key(768)}", "768 bits"),
        ("v=spf1 -all", "no DKIM record"),
        (f"k=ed25519; p={base64.b64encode(bytes(32)).decode()}", ""),
    ],
)
def test_a_key_that_cannot_be_used_is_found(record: str, said: str):
    found = told({**GOOD, (f"own._domainkey.{D}", "TXT"): _txt(record)}, ("own",))["DKIM"]
    assert bool(found.remedy) == bool(said)
    assert said in found.text


def test_only_the_selectors_that_are_named_are_asked():
    found = told(GOOD, ("own", "other"))["DKIM"]
    assert found.text == f"{D} publishes no key under own, other"
    assert f"own._domainkey.{D}" in found.remedy


def test_the_policy_of_the_domain_above_counts_for_one_below():
    names = {**GOOD, ("pay.acme.example", "TXT"): ['"v=spf1 -all"']}
    assert "acme.example asks receivers" in told(names, domain="pay.acme.example")["DMARC"].text
    broken = told({**GOOD, (f"_dmarc.{D}", "TXT"): ['"v=DMARC1; sp=none"']})["DMARC"]
    assert "no policy" in broken.text
    twice = told({**GOOD, (f"_dmarc.{D}", "TXT"): ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']})["DMARC"]
    assert "2 DMARC records" in twice.text


def test_a_domain_that_takes_no_mail_at_all_loses_answers():
    assert told({**GOOD, (D, "MX"): ["0 ."]})["answers"].remedy
    assert not told({**{key: value for key, value in GOOD.items() if key[1] != "MX"}, (D, "A"): ["192.0.2.1"]})[
        "answers"
    ].remedy


def test_a_domain_with_other_letters_is_asked_in_those_of_names():
    found = told({("xn--mller-kva.example", "TXT"): ['"v=spf1 -all"']}, domain="müller.example")
    assert not found["SPF"].remedy


def test_a_server_that_says_nothing_is_not_waited_for_long():
    with name_server({}, silent=True) as server:
        began = time.monotonic()
        with pytest.raises(Silent, match="no name server answered"):
            alignment(D, (), NameServer(server, seconds=0.3))
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("setting", ["nonsense", "1.2.3.4:port", "[::1", "1.2.3.4:99999", "999.1.1.1"])
def test_a_setting_that_names_no_server_is_told(setting: str):
    with pytest.raises(Silent):
        NameServer(setting).texts(D)
