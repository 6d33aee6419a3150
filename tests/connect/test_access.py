"""Everybody can use it: by keyboard, by ear, in the dark, on a telephone."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.chromium import PATIENCE
from tests.connect.conftest import GOOD, Link, follow

UNNAMED = """() => [...document.querySelectorAll("input, select, button, a, summary, iframe")]
  .filter((one) => one.type !== "hidden")
  .filter((one) => !(one.labels?.length || one.getAttribute("aria-label") || one.title
    || one.textContent.trim()) || (one.matches("input, select") && !one.labels.length))
  .map((one) => one.outerHTML)"""
FAINT = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((one) => one / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour[3] === undefined || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.getClientRects().length) continue;
    const pair = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const [low, high] = pair.sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.push([walker.currentNode.textContent.trim(), ratio]);
  }
  return found;
}"""
FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  return [document.activeElement.tagName, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


async def check(page: Page, where: str) -> None:
    wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert await page.evaluate(UNNAMED) == [], where
    assert await page.evaluate(FAINT) == [], where
    assert not await page.evaluate(wide), where
    assert await page.locator("h1").count() == 1, where
    assert await page.locator("html[lang]").count() == 1, where


async def enter_key(page: Page) -> None:
    """Press it where it leads to another page, and wait until that is there with its scripts."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1440)])
async def test_every_page_is_labelled_readable_and_fits(
    scheme: str, width: int, link: Link, browser: Browser
) -> None:
    dark = scheme == "dark"
    context = await browser.new_context(
        color_scheme="dark" if dark else "light", viewport={"width": width, "height": 800}
    )
    context.set_default_timeout(PATIENCE)
    tab = await context.new_page()
    await tab.goto(await link(language="de" if dark else "fr"))
    await check(tab, "choose")
    await follow(tab, "text=Lever")
    await tab.click("summary")
    await check(tab, "intro")
    await follow(tab, "a.button")
    await check(tab, "form")
    await tab.fill("[name='credentials.apiKey']", "wrong")
    await follow(tab, "button[type=submit]")
    await tab.click("#trouble summary")
    await check(tab, "trouble")
    await tab.fill("[name='credentials.apiKey']", GOOD["lever"]["apiKey"])
    await follow(tab, "button[type=submit]")
    await tab.wait_for_selector("#user")
    await check(tab, "actor")
    await follow(tab, "a.quiet")
    await check(tab, "done")
    await follow(tab, "a.quiet")
    await check(tab, "off")
    await follow(tab, "button.danger")
    await tab.wait_for_selector(".sign.off")
    await check(tab, "disconnected")
    await tab.goto(f"{await link()}x")
    await check(tab, "ended")
    await context.close()


async def test_the_keyboard_is_enough_and_focus_is_seen(link: Link, tab: Page) -> None:
    await tab.goto(await link())
    await tab.keyboard.press("Tab")
    assert await tab.evaluate(FOCUS) == ["INPUT", "solid", 3]
    await tab.keyboard.type("ash")
    await tab.keyboard.press("Tab")
    assert await tab.evaluate(FOCUS) == ["A", "solid", 3]
    await enter_key(tab)
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Enter")
    await expect(tab.locator("table")).to_be_visible()
    await tab.keyboard.press("Tab")
    await enter_key(tab)
    await tab.keyboard.press("Tab")
    await tab.keyboard.type("wrong")
    await enter_key(tab)

    assert await tab.evaluate("() => document.activeElement.id") == "trouble"
    await tab.focus("[name='credentials.apiKey']")
    await tab.keyboard.type(GOOD["ashby"]["apiKey"])
    await enter_key(tab)

    await tab.wait_for_selector("text=Ashby is connected")


async def test_it_works_without_scripts(link: Link, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    tab = await context.new_page()
    await tab.goto(await link())
    await tab.fill("#q", "ashb")
    await tab.press("#q", "Enter")
    await tab.click(".apps a")
    await tab.click("a.button")
    await tab.fill("[name='credentials.apiKey']", GOOD["ashby"]["apiKey"])
    await tab.click("button[type=submit]")

    await tab.wait_for_selector("text=Ashby is connected")
    await context.close()
