"""The console in a real browser: without complaint, on any width, and never in a frame."""

from playwright.async_api import Page, expect

from tests.chromium import PATIENCE
from tests.connect.host import hosting
from tests.console.accounts import furnished, log
from tests.console.conftest import PASSWORD, Console
from tests.console.test_pages import LOOKED_AT

# What is wrong with a page for somebody who hears it or has no mouse.
UNHEARD = """() => {
  const wrong = [];
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    const named = field.labels?.length || field.getAttribute('aria-label');
    if (!named) wrong.push('no label: ' + field.name);
  }
  for (const one of document.querySelectorAll('a, button')) {
    const named = one.textContent.trim() || one.getAttribute('aria-label');
    if (!named) wrong.push('no name: ' + one.outerHTML);
  }
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  if (document.querySelectorAll('main').length !== 1) wrong.push('not one main');
  if (!document.documentElement.lang || !document.title) wrong.push('no language or title');
  const seen = new Set();
  for (const one of document.querySelectorAll('[id]')) {
    if (seen.has(one.id)) wrong.push('twice: ' + one.id);
    seen.add(one.id);
  }
  return wrong;
}"""

# Texts whose contrast with what is behind them is less than 4.5 to 1.
PALE = """() => {
  const read = (text) => {
    const c = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    c.fillStyle = text; c.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = c.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], a };
  };
  const light = ({ rgb }) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (let e = one; e; e = e.parentElement) {
      const c = read(getComputedStyle(e).backgroundColor);
      if (c.a === 255) return c;
    }
    return { rgb: [255, 255, 255] };
  };
  const wrong = new Set();
  for (const one of document.querySelectorAll('body *')) {
    if (![...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    if (one.closest('svg, .skip, option') || !one.checkVisibility()) continue;
    const shades = [light(read(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(...shades) + 0.05) / (Math.min(...shades) + 0.05);
    const what = `${one.className} ${one.textContent.trim().slice(0, 30)}`;
    if (ratio < 4.5) wrong.add(`${ratio.toFixed(2)} ${what}`);
  }
  return [...wrong];
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def paths_of(console: Console) -> list[str]:
    scene = await furnished(console.service.desk)
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 20, integration_id=scene.account)
        await log(conn, 5, status=503, code="upstream.unavailable")
    return [
        *(path for path in LOOKED_AT if not path.endswith("/rows")),
        f"/console/integrations/{scene.account}",
        f"/console/syncs/{scene.account}/{scene.sync.id}",
        f"/console/deliveries/dlv_{scene.delivery}",
    ]


async def test_pages_fit_are_labelled_and_run_nothing_of_others(
    console: Console, page: Page
) -> None:
    for path in await paths_of(console):
        for width in (360, 1440):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(path)
            assert await page.evaluate(TOO_WIDE) <= 0, (path, width)
            assert (await page.title()).endswith("· Hireloom")
        assert await page.evaluate(UNHEARD) == [], path


async def test_texts_can_be_read_by_day_and_by_night(console: Console, page: Page) -> None:
    paths = await paths_of(console)
    await page.set_viewport_size({"width": 1280, "height": 800})

    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for path in paths:
            await page.goto(path)
            assert await page.evaluate(PALE) == [], (path, scheme)


async def test_somebody_comes_in_by_a_link_and_by_password(console: Console, page: Page) -> None:
    await page.context.clear_cookies()
    await page.goto(f"/console/start/{await console.link()}")

    await page.get_by_label("Name").fill("Grace")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Password again").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    await page.get_by_role("button", name="Log out").click()
    await page.get_by_label("Name").fill("grace")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()


async def test_what_cannot_be_undone_is_asked_first(console: Console, page: Page) -> None:
    ashby = await console.service.connect("ashby")
    await page.goto(f"/console/integrations/{ashby}")

    await page.get_by_role("button", name="Deactivate").click()
    await page.get_by_role("button", name="Leave it").click()
    await expect(page.get_by_text("Deactivated", exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Deactivate").click()
    await page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()

    await expect(page.get_by_role("button", name="Reactivate")).to_be_visible()


async def test_the_log_is_followed_while_it_grows(console: Console, page: Page) -> None:
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 3)
    await page.goto("/console/logs?method=ats.offer.list")
    await page.get_by_label("Follow live").check()

    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 2, operation="ats.offer.list")

    await expect(page.locator("tbody tr", has_text="ats.offer.list")).to_have_count(2)


async def test_pages_work_without_script(console: Console, page: Page) -> None:
    ashby = await console.service.connect("ashby")
    browser = page.context.browser
    assert browser is not None
    context = await browser.new_context(
        java_script_enabled=False,
        base_url=console.service.url,
        storage_state=await page.context.storage_state(),
        viewport={"width": 1280, "height": 800},
    )
    context.set_default_timeout(PATIENCE)
    plain = await context.new_page()

    await plain.goto("/console")
    await plain.get_by_role("link", name="Integrations").first.click()
    await plain.get_by_role("link", name="Example & Sons").click()
    await plain.get_by_role("button", name="Test now").click()

    await expect(plain.get_by_role("status")).to_contain_text("accepts the credentials")
    assert plain.url.endswith(ashby)
    await context.close()


async def test_no_other_page_can_frame_the_console_or_send_its_forms(
    console: Console, page: Page
) -> None:
    target = console.service.url
    foreign = (
        f"<iframe src='{target}/console'></iframe>"
        f"<form method=post action='{target}/console/logout/everywhere'><button>go</button></form>"
    )
    async with hosting({"/": foreign}, "127.0.0.1") as host:
        browser = page.context.browser
        assert browser is not None
        context = await browser.new_context(storage_state=await page.context.storage_state())
        context.set_default_timeout(PATIENCE)
        other = await context.new_page()
        await other.goto(host)
        (frame,) = [one for one in other.frames if one.parent_frame]
        assert "Overview" not in await frame.content()
        await other.get_by_role("button", name="go").click()
        await expect(other.get_by_text("That is not possible")).to_be_visible()
        await context.close()

    await page.goto("/console")
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
