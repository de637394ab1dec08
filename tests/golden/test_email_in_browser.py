"""The pages as a phone and a desk show them: nothing overflows, nothing is loaded, words stand out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from duewell.adapters.channels.email.render import render
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
}

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_lies_behind_them(browser, chromium_path, scheme):
    page = browser.new_page(viewport={"width": 375, "height": 800}, color_scheme=scheme)
    page.set_content(render(PAGES["held and credit"]).html)
    # WCAG 2.2, 1.4.3: at least 4.5 to 1 for text of this size.
    assert page.evaluate(CONTRAST) >= 4.5
    page.close()
