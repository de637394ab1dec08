"""Money: an integer of minor units with its ISO 4217 currency.

The currency knows how many minor units make one: JPY 1, EUR 100, KWD 1000. Floats never appear.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

# ISO 4217 (list one, 2026): every currency in use whose exponent is not 2 stands here by name ...
_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
# ... and the rest have two.
_TWO = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ
    GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
    RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
    UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG BGN ANG CUC HRK SLL ZWL""".split()
)


class UnknownCurrency(ValueError):
    """The code is not one of ISO 4217."""


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies were put together."""


def exponent(currency: str) -> int:
    """How many decimals the currency has: JPY 0, EUR 2, KWD 3.

    Raises:
        UnknownCurrency: not a code of ISO 4217.
    """
    if currency in _TWO:
        return 2
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(f"{currency!r} is not a currency code of ISO 4217, such as EUR or USD") from None


class Money(NamedTuple):
    """An amount in minor units of one currency."""

    minor: int
    currency: str

    def plus(self, other: Money) -> Money:
        """The sum. Raises `CurrencyMismatch`: amounts of two currencies have no sum."""
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.minor + other.minor, self.currency)

    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))


def by_currency(amounts: Iterable[Money]) -> dict[str, int]:
    """Minor units summed per currency."""
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return sums
