"""Questions to a page as it stands in the browser: what is cut off, too small, broken, covered or written in a foreign way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TEXTS = "() => document.body.innerText"
SPLIT_WORDS = """() => { const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let node; node = walk.nextNode();) {
    const box = node.parentElement;
    if (!box.checkVisibility() || box.closest('.sr, .kata, code, script')) continue;
    for (const word of node.data.matchAll(/[^\\s\\-\\/]+/g)) {
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) found.push(word[0]);
    } }
  return found; }"""
SMALL_TARGETS = """least => [...document.querySelectorAll('main a, main button, nav a, footer button, summary, input:not([type=hidden]), select, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('p, li p, td, th, dd, h2, h3, label') && !e.closest('.sr'))
  .map(e => [e.getBoundingClientRect(), e]).filter(([b]) => b.width && (b.height < least || b.width < least))
  .map(([b, e]) => `${e.tagName} ${e.textContent.trim().slice(0, 30)} ${Math.round(b.width)}x${Math.round(b.height)}`)"""
_REACHED = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.closest('[inert]'))"""
_NAMED = "`${e.tagName} ${(e.textContent || e.name || '').trim().slice(0, 30)}`"
#: Where the keyboard stands, a ring is drawn: on the thing itself or on the label that stands for it.
WITHOUT_RING = f"""() => {_REACHED}.filter(e => {{
    e.focus({{focusVisible: true}});
    if (document.activeElement !== e) return false;
    const drawn = box => {{ const s = box && getComputedStyle(box);
      return s && ((s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'); }};
    return !drawn(e) && !drawn(e.closest('label')) && !drawn(e.nextElementSibling) && !drawn(e.parentElement);
  }}).map(e => {_NAMED})"""
#: What has the focus is not hidden behind something that is fixed to the window; what lies above it is named.
COVERED = f"""() => {_REACHED}.map(e => {{
    e.focus({{focusVisible: true}});
    if (document.activeElement !== e || e.closest('.sr')) return null;
    const b = e.getBoundingClientRect();
    if (!b.width || !b.height) return null;
    const top = document.elementFromPoint(b.x + b.width / 2, b.y + Math.min(b.height / 2, 20)); // where the writing begins
    if (!top || e.contains(top) || top.contains(e) || [...(e.labels || [])].some(l => l.contains(top))) return null;
    return {_NAMED} + ` under ${{top.tagName}}.${{top.className}}`;
  }}).filter(Boolean)"""
FORBIDDEN = {
    "Rp with a blank": r"Rp\s\d",
    "d/m/y": r"\b\d{1,2}/\d{1,2}/\d{4}\b",
    "AM or PM": r"\b(AM|PM)\b",
    "decimal point": r"(?<![\d.])\d+\.\d{1,2}(?![\d.])(?!\s*WIB)",
    "None": r"\b(None|null|undefined|NaN)\b",
}


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe finds on a page, each with the first places where it stands."""
    page.evaluate(_axe())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS)
    return [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]} {v['nodes'][0]['failureSummary'][:200]}" for v in found["violations"]]
