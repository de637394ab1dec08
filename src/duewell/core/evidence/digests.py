"""Salted digests: how the chain vouches for personal data that it does not hold.

A fact carries the digest, the table beside it carries the value and its salt. Erasing value and salt leaves a
chain that still verifies and a digest that nobody can turn back into a name, not even by trying all names.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

DOMAIN = b"duewell digest v1\n"
SALT_BYTES_MIN = 16


def salted(salt: bytes, value: str | bytes) -> bytes:
    """Digest a personal value: HMAC-SHA-256, keyed with the salt, over the domain and the value.

    HMAC rather than a plain hash over salt and value: it is made for a secret key, so no length prefix has to
    keep salt and value apart, nothing can be appended to a digest, and the standard library has it in C.

    Args:
        salt: at least 16 random bytes, kept beside the value and erased with it. Values under the same salt
            can be recognised as equal to each other, so a salt belongs to one person or to one value.
        value: text is digested as UTF-8, with no normalisation: what is stored is what is vouched for.

    Returns:
        32 bytes.

    Raises:
        ValueError: the salt is too short to protect a guessable value, or the text has a lone surrogate.

    Source: RFC 2104 (HMAC), FIPS 180-4 (SHA-256).
    """
    if len(salt) < SALT_BYTES_MIN:
        raise ValueError(f"a salt has at least {SALT_BYTES_MIN} bytes, not {len(salt)}")
    data = value.encode() if isinstance(value, str) else value
    return hmac.digest(salt, DOMAIN + data, sha256)
