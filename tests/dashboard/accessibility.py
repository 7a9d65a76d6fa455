"""Checks of pages in a browser: violations of accessibility that axe-core finds, and a walk by the tab key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

VIOLATIONS = """
const [rules, done] = arguments
axe.run({exclude: [['svg > *']]}, rules).then(result => done(result.violations.map(each =>
    `${each.id} (${each.impact}, ${each.nodes.length} places): ${each.nodes[0].html.slice(0, 160)}`)))
"""

FOCUSED = """
const it = document.activeElement
if (!it || it === document.body) return null
const look = getComputedStyle(it)
it.setAttribute('data-visited', '')
return [look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0, it.outerHTML.slice(0, 120)]
"""

MISSED = """
const all = document.querySelectorAll('.lab :is(input, select, button, summary, a[href], [role=tab]):not([data-visited])')
return [...all].filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0).map(e => e.outerHTML.slice(0, 120))
"""

FORGET = """
document.body.tabIndex = -1  // the walk begins at the top, wherever the focus was
document.body.focus()
document.querySelectorAll('[data-visited]').forEach(each => each.removeAttribute('data-visited'))
"""

MOST_STEPS = 150
"""Largest number of steps of a walk; a page on which it takes more holds its readers back."""


def violations(driver: Any, contrast: bool = True) -> list[str]:
    """Return the violations that axe-core finds on the page of a browser, drawings apart, a line each.

    Args:
        driver: of the browser
        contrast: check the contrast of texts too, which takes minutes on tables of thousands of cells
    """
    package = pytest.importorskip("axe_core_python", reason="the extra `browser` is not installed")
    driver.set_script_timeout(300)
    driver.execute_script((Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    rules = {} if contrast else {"rules": {"color-contrast": {"enabled": False}}}
    return list(driver.execute_async_script(VIOLATIONS, rules))


def walk(driver: Any) -> tuple[list[str], list[str]]:
    """Press the tab key until the focus leaves the page; return controls without a visible focus, and controls left out."""
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    driver.execute_script(FORGET)
    unseen, first = [], ""
    for _ in range(MOST_STEPS):
        ActionChains(driver).send_keys(Keys.TAB).perform()
        focused = driver.execute_script(FOCUSED)
        if focused is None or focused[1] == first:
            return unseen, list(driver.execute_script(MISSED))
        first = first or focused[1]
        if not focused[0]:
            unseen.append(focused[1])
    raise AssertionError(f"the focus did not leave the page in {MOST_STEPS} steps")
