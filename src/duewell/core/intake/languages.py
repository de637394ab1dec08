"""The language of a customer as a column tells it: a tag, a code of three letters, or a name."""

from __future__ import annotations

# Codes of three letters (ISO 639-2), then names as the languages that we write in call them.
_WORDS = {
    "en": "eng english englisch anglais inglés ingles inglese engels inglês الإنجليزية",
    "de": "deu ger german deutsch allemand alemán aleman tedesco duits alemão الألمانية",
    "fr": "fra fre french französisch franzoesisch français francais francés frances francese frans francês "
    "الفرنسية",
    "es": "spa spanish spanisch espagnol español espanol castellano spagnolo spaans espanhol الإسبانية",
    "it": "ita italian italienisch italien italiano italiaans الإيطالية",
    "nl": "nld dut dutch niederländisch néerlandais neerlandais neerlandés holandés olandese nederlands "
    "holandês flemish flämisch flamand vlaams الهولندية",
    "ar": "ara arabic arabisch arabe árabe arabo العربية عربي",
    "pl": "pol polish polnisch polonais polaco polacco pools polski",
    "pt": "por portuguese portugiesisch portugais portugués portoghese portugees português portugues",
    "tr": "tur turkish türkisch turc turco turks türkçe",
}
_CODES = {word: code for code, words in _WORDS.items() for word in words.split()}


def language(text: str) -> str | None:
    """The code of two letters for `fr`, `fr-CH`, `fra` or `Français`; None for anything else."""
    plain = text.casefold()
    code = plain[:2]
    if plain.isascii() and code.isalpha() and (len(plain) == 2 or (len(plain) > 2 and plain[2] in "-_")):
        return code
    return _CODES.get(plain)
