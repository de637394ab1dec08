"""The pages as a phone and a desk show them: nothing overflows, nothing is loaded, words stand out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from duewell.adapters.channels.email.render import render
from duewell.adapters.texts import LANGUAGES, STAGES, TONES
from duewell.core.contact import Addressee
from tests.golden.email_samples import WERKSTATT, Item, content_of, sample

# Chromium asks its maker's servers for updates and lists unless told not to.
QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--disable-default-apps --no-first-run --disable-domain-reliability"
).split()
WIDTHS = (320, 375, 1200)
HARD = content_of(
    [
        Item(
            "RECHNUNG-2026-000000000000000000000000000000000000001-NACHTRAG", -40, 100000000000000, held=5000000000
        ),
        Item("X" * 120, -20, 100000000000),
        Item("W-1", -9, 10**15, "KWD"),
    ],
    WERKSTATT._replace(
        name="Donaudampfschifffahrtsgesellschaftskapitänsmützenmanufaktur und Söhne GmbH & Co. KGaA",
        payment_note="https://zahlen.werkstatt.example/" + "a" * 150,
    ),
    Addressee("x@example.org", "person", "", "", "Freifrau von Hohenstein-Wittgenstein zu Sayn", "ms", "CH"),
    "firm",
    "formal",
    "de",
)
PAGES = {
    "one": sample("en", "kind", "first"),
    "held and credit": sample("de", "kind", "second"),
    "two currencies": sample("de", "kind", "firm"),
    "forty items": sample("de", "formal", "final"),
    "long and large": HARD,
    "three invoices in Arabic": sample("ar", "kind", "second"),
    "long and large in Arabic": HARD._replace(words=HARD.words._replace(language="ar")),
}
# Languages of which every text is looked at on the narrowest screen.
ALL_OF = [(language, tone, stage) for language in sorted(LANGUAGES) for tone in TONES for stage in STAGES]

# What is wider than the screen or cut off by its own box, by tag and first words.
OVERFLOWING = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getClientRects().length && getComputedStyle(e).display !== 'none')
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5
              || e.getBoundingClientRect().left < -0.5)
    .map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 40))"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('p, td, th, caption, span, a, strong, div')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
    .filter(e => e.getClientRects().length)
    .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
# The least contrast of any words against what lies behind them, by WCAG 2.2 (relative luminance).
CONTRAST = """() => {
    const lum = c => { const [r, g, b] = c.map(v => { v /= 255;
        return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const rgb = s => s.match(/[0-9.]+/g).map(Number);
    const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
        if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
    return Math.min(...[...document.querySelectorAll('body *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        .filter(e => e.getClientRects().length)
        .map(e => { const a = lum(rgb(getComputedStyle(e).color).slice(0, 3)), b = lum(behind(e));
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); })); }"""


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(chromium_path), args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_screen_and_loads_nothing(browser, chromium_path, name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(render(PAGES[name]).html)
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(SMALLEST) >= 13
    assert asked == []
    page.close()


def test_every_text_of_every_language_fits_the_narrowest_screen(browser, chromium_path):
    page = browser.new_page(viewport={"width": 320, "height": 800})
    for name in ALL_OF:
        page.set_content(render(sample(*name)).html)
        assert page.evaluate(OVERFLOWING) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name
    page.close()


# Where the first row of the table has its number and its sum, and the order in which an element's characters
# are shown: their horizontal places, one after the other.
EDGES = """() => { const row = document.querySelector('th[scope=row]').parentElement;
    const left = e => { const r = document.createRange(); r.selectNodeContents(e);
        return r.getBoundingClientRect().left; };
    return [left(row.cells[0]), left(row.cells[1])]; }"""
SHOWN_FROM_LEFT = """text => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; node = walk.nextNode();) { const at = node.data.indexOf(text); if (at < 0) continue;
        const places = [...text].map((_, i) => { const r = document.createRange(); r.setStart(node, at + i);
            r.setEnd(node, at + i + 1); return r.getBoundingClientRect(); });
        if (!places[0].width) continue;
        return places.every((p, i) => !i || p.left >= places[i - 1].left - 0.5); }
    return null; }"""


def test_an_arabic_page_is_mirrored_and_what_is_latin_in_it_is_not(browser, chromium_path):
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.set_content(render(sample("en", "kind", "firm")).html)
    number, sum = page.evaluate(EDGES)
    assert number < sum
    page.set_content(render(sample("ar", "kind", "firm")).html)
    number, sum = page.evaluate(EDGES)
    assert number > sum
    assert page.evaluate("document.documentElement.dir") == "rtl"
    latin = (
        "INV-1988",
        "C-20417",
        "GB33 BUKB 2020 1555 5555 55",
        "North Sea Joinery Ltd",
        "+44 1632 960123",
        "US$",
    )
    for text in latin:
        assert page.evaluate(SHOWN_FROM_LEFT, text) is True, text
    assert page.evaluate(SHOWN_FROM_LEFT, "طريقة الدفع") is False
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_lies_behind_them(browser, chromium_path, scheme):
    page = browser.new_page(viewport={"width": 375, "height": 800}, color_scheme=scheme)
    page.set_content(render(PAGES["held and credit"]).html)
    # WCAG 2.2, 1.4.3: at least 4.5 to 1 for text of this size.
    assert page.evaluate(CONTRAST) >= 4.5
    page.close()
