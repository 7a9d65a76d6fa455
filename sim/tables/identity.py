"""Identity of schools and organisations: the user's text after one normalisation, and the number that represents it."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

WHOLE = re.compile(r"(0|[1-9][0-9]*)(?:\.0+)?", re.ASCII)
"""A whole number as people and spreadsheets write it, without leading zeros: `30`, `30.0`."""

SHORTENED = re.compile(r"[0-9]+[.,][0-9]+[eE]\+?[0-9]+|[0-9]+[eE]\+[0-9]+", re.ASCII)
"""A whole number that a spreadsheet shortened, which has lost digits: `1.44929E+05`."""

VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that print something, such as the Arabic number sign; all others are invisible."""

JOINERS = frozenset("\u034f\ufe0e\ufe0f")
"""Marks that print nothing although they are no format characters: grapheme joiner and variation selectors."""

DIGITS = 15
"""Digits of the longest whole number that stands for itself."""

DIGESTS = 1 << 50
"""Numbers of identities that are not whole numbers begin here, above every number of 15 digits."""


def normalised(text: str) -> str:
    r"""Return a text in the form in which texts are compared.

    Unicode NFC; invisible marks are removed; every kind of space becomes a plain one; outer blanks are removed.

    Args:
        text: as the user wrote it

    Returns:
        the normalised text

    >>> normalised(" Fund\u00a0A\u200f "), normalised("e\u0301cole")
    ('Fund A', 'école')
    """
    if text.isascii():
        return text.strip()
    marks = (" " if unicodedata.category(mark) == "Zs" else mark for mark in text if not invisible(mark))
    return unicodedata.normalize("NFC", "".join(marks)).strip()


def invisible(mark: str) -> bool:
    r"""Return whether a character is invisible.

    Args:
        mark: a character

    >>> invisible("\u200e"), invisible("a")
    (True, False)
    """
    return mark in JOINERS or (unicodedata.category(mark) == "Cf" and mark not in VISIBLE_FORMATS)


def identity_of(text: str) -> str:
    """Return the identity that a text names: normalised, and a whole number in one way only; leading zeros are kept.

    Args:
        text: as the user wrote it

    >>> identity_of("30.0"), identity_of(" 30 "), identity_of("007"), identity_of("S-7")
    ('30', '30', '007', 'S-7')
    """
    text = normalised(text)
    number = WHOLE.fullmatch(text)
    return number[1] if number else text


def key_of(identity: str) -> int:
    """Return the number on which the random streams of an identity depend.

    A whole number of up to 15 digits is its own; any other text has a 48-bit digest above all of them.

    Args:
        identity: of a school or an organisation

    >>> key_of("30"), key_of("007") == key_of("7")
    (30, False)
    """
    if len(identity) <= DIGITS and WHOLE.fullmatch(identity) and "." not in identity:
        return int(identity)
    return DIGESTS + int.from_bytes(blake2b(identity.encode(), digest_size=6).digest(), "big")


def is_number(identity: str) -> bool:
    """Return whether an identity is a whole number that represents itself.

    Args:
        identity: of a school or an organisation
    """
    return key_of(identity) < DIGESTS


def unprintable(text: str) -> str | None:
    r"""Return in words which character of a text outputs such as GraphML cannot hold; None without any.

    Control characters (tabs and line breaks among them), line and paragraph separators, and code points that Unicode
    does not use.

    Args:
        text: the text

    >>> unprintable("Fund\x08 A"), unprintable("Fund A")
    ("the character U+0008 after 'Fund'", None)
    """
    if text.isascii() and text.isprintable():
        return None
    for place, mark in enumerate(text):
        if unicodedata.category(mark) in ("Cc", "Cs", "Zl", "Zp") or ord(mark) & 0xFFFE == 0xFFFE:
            name = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}.get(mark, "the character")
            return f"{name} U+{ord(mark):04X} {f'after {text[:place][-20:]!r}' if place else 'at its start'}"
    return None
