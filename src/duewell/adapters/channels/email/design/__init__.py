"""The one design of our e-mails: MJML and CSS as drawn, and the page compiled from them, cut into pieces.

`kind.html` is compiled when the design changes (`python -m duewell.adapters.channels.email.design`) and shipped,
so that sending needs no compiler; a test compiles again and compares. Repeated parts stand between
`<!-- repeat:row -->` and `<!-- end:row -->`, values at `[[name]]`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from duewell.adapters.channels.email import quoted

_HERE = Path(__file__).parent
COMPILED = _HERE / "kind.html"
_VALUE = re.compile(r"\[\[([a-z_]+)\]\]")
_INNERMOST = re.compile(r"\s*<!-- repeat:(\w+) -->((?:(?!<!-- repeat:).)*?)<!-- end:\1 -->", re.DOTALL)
_STYLE = re.compile(r'(?<= style=")[^"]*')
_STYLE_SPACE = re.compile(r"([:;,]) +")
# As a value (`text-align:left`, `align="left"`) or in the name of a padding.
_SIDES = re.compile(r"(?<=align:)(?:left|right)|(?<=align=\")(?:left|right)|(?<=padding-)(?:left|right)")
_ONE_SIDE = r"([^\s;\"]+)"
_FOUR_SIDES = re.compile(rf"padding:{_ONE_SIDE} {_ONE_SIDE} {_ONE_SIDE} {_ONE_SIDE}")
PAGE = "page"


def compiled() -> str:
    """The page made from the drawing: MJML to tables, then the style sheet into every element."""
    import css_inline
    import mjml

    page = mjml.mjml2html((_HERE / "kind.mjml").read_text("utf-8"), fonts={})
    inliner = css_inline.CSSInliner(
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        extra_css=(_HERE / "kind.css").read_text("utf-8"),
    )
    page = _STYLE.sub(lambda match: _STYLE_SPACE.sub(r"\1", match.group()), inliner.inline(page))
    # One element a line, for those who review the page.
    return re.sub(r"\s*(<(?:table|tr|p|div|style|meta|caption|body)\b)", r"\n\1", page).strip() + "\n"


@lru_cache(maxsize=2)
def pieces(right_to_left: bool = False) -> dict[str, str]:
    """The page and its repeated parts by name, in quoted-printable, as `%` formats.

    `[[x]]` is `%(x)s`, and a part `y` is `%(y_all)s`; what is put there must be a chunk too. A `%` format of a
    dictionary is the quickest substitution Python has; the formats are ours alone.

    Args:
        right_to_left: the page as in a mirror, for languages that are written so.
    """
    rest = COMPILED.read_text("utf-8")
    if right_to_left:
        rest = mirrored(rest)
    found: dict[str, str] = {}
    while match := _INNERMOST.search(rest):
        name, body = match.groups()
        assert name not in found, f"the part {name!r} stands twice in the design"
        body = body.strip()
        found[name] = _encoded(body if body.startswith("<span") else "\n" + body)
        rest = rest[: match.start()] + f"[[{name}_all]]" + rest[match.end() :]
    found[PAGE] = _encoded(rest)
    return found


def mirrored(page: str) -> str:
    """The page with left and right exchanged wherever a style or an attribute names a side."""
    page = page.replace('dir="ltr"', 'dir="rtl"').replace("direction:ltr", "direction:rtl")
    page = _SIDES.sub(lambda match: "right" if match.group() == "left" else "left", page)
    return _FOUR_SIDES.sub(r"padding:\1 \4 \3 \2", page)


def _encoded(markup: str) -> str:
    """Constant words and names of values stand in turn."""
    words = _VALUE.split(markup)
    for position in range(0, len(words), 2):
        words[position] = quoted.chunk(words[position]).replace("%", "%%") if words[position] else ""
    for position in range(1, len(words), 2):
        words[position] = f"%({words[position]})s"
    return "".join(words)
