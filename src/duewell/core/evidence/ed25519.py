"""Ed25519 signatures: verification only, in plain Python, so that evidence can be checked with nothing else.

Signing needs care against timing and is done at the edge by a library; checking has no secrets. It is strict
in what it accepts, so that a signature has one spelling and a key has one meaning:

* the key and R must be encoded canonically (y below p, no negative zero), and S must lie below the group order;
* a key of small order is refused: under such a key one signature fits many messages;
* the equation is the one without the cofactor, [S]B = R + [k]A, which is what OpenSSL computes, so both agree
  on every signature under an honest key.

Source: RFC 8032, sections 5.1.1 to 5.1.4 and 5.1.7.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha512

# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z.
_Point = tuple[int, int, int, int]

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_ZERO: _Point = (0, 1, 1, 0)
_BASE_Y = 4 * pow(5, -1, _P) % _P


class BadKey(ValueError):
    """Not 32 bytes, not a point of the curve, not encoded canonically, or of small order."""


class PublicKey:
    """A public key that checks signatures: some milliseconds to make, then under one for each signature."""

    def __init__(self, encoded: bytes) -> None:
        """Read a raw key of 32 bytes.

        Raises:
            BadKey: see there.
        """
        point = _decode(encoded)
        if point is None:
            raise BadKey("not the canonical encoding of a point")
        eightfold = point
        for _ in range(3):
            eightfold = _add(eightfold, eightfold)
        if _encode(eightfold) == _encode(_ZERO):
            raise BadKey("a key of small order proves nothing")
        self._encoded = encoded
        x, y, z, t = point
        self._minus_multiples = _multiples((-x % _P, y, z, -t % _P))

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether this key signed this message; `signature` is 64 bytes, R and then S."""
        if len(signature) != 64:
            return False
        encoded_r, s = signature[:32], int.from_bytes(signature[32:], "little")
        if s >= _ORDER:
            return False
        challenge = sha512(encoded_r + self._encoded + message).digest()
        k = int.from_bytes(challenge, "little") % _ORDER
        difference = _add(_times(_base_multiples(), s), _times(self._minus_multiples, k))
        # Comparing encodings also refuses an R that is not canonical, for none is ever computed.
        return _encode(difference) == encoded_r


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the raw key of 32 bytes signed this message; a bad key signs nothing."""
    try:
        return PublicKey(public_key).verify(signature, message)
    except BadKey:
        return False


def _decode(encoded: bytes) -> _Point | None:
    if len(encoded) != 32:
        return None
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= _P:
        return None
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _x_of(y: int, sign: int) -> int | None:
    """Solve x² = (y² - 1) / (d·y² + 1) for the x of this parity (RFC 8032, section 5.1.3)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if x * x % _P != square or (x == 0 and sign):
        return None
    return x if x & 1 == sign else _P - x


def _encode(point: _Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, _P)
    x, y = x * inverse % _P, y * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _add(one: _Point, other: _Point) -> _Point:
    """Add two points; the formula is complete, so it also doubles (RFC 8032, section 5.1.4)."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % _P
    b = (y1 + x1) * (y2 + x2) % _P
    c = 2 * t1 * t2 * _D % _P
    d = 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiples(point: _Point) -> list[list[_Point]]:
    """For each of the 64 hex digits of a scalar the point times 0 to 15 times 16 to that place."""
    table = []
    for _ in range(64):
        row = [_ZERO]
        for _ in range(15):
            row.append(_add(row[-1], point))
        table.append(row)
        point = _add(row[-1], point)
    return table


@cache
def _base_multiples() -> list[list[_Point]]:
    x = _x_of(_BASE_Y, 0)
    if x is None:
        raise ArithmeticError("the base point is a point of the curve")
    return _multiples((x, _BASE_Y, 1, x * _BASE_Y % _P))


def _times(multiples: list[list[_Point]], scalar: int) -> _Point:
    total = _ZERO
    for row in multiples:
        digit = scalar & 15
        if digit:
            total = _add(total, row[digit])
        scalar >>= 4
    return total
