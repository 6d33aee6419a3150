"""What keeps somebody from using a page: found in the page as it is drawn, one line for each."""

from collections.abc import Iterable

from playwright.async_api import Page

WIDTHS = (360, 1440)
SCHEMES = ("light", "dark")

FOUND = r"""() => {
  const wrong = [];
  const say = (what, one) => wrong.push(
    `${what}: <${one.tagName.toLowerCase()} class="${one.className}"> ${
      (one.textContent || one.name || "").trim().slice(0, 40)}`);
  const seen = (one) => one.checkVisibility({ visibilityProperty: true })
    && one.getBoundingClientRect().width > 1;

  // Names.
  for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!one.labels?.length && !one.getAttribute("aria-label")) say("no label", one);
  for (const one of document.querySelectorAll("a, button, summary, iframe"))
    if (!(one.textContent.trim() || one.getAttribute("aria-label") || one.title))
      say("no name", one);
  for (const one of document.querySelectorAll("th"))
    if (!one.textContent.trim() && !one.querySelector("[aria-label]")) say("no heading", one);
  for (const one of document.querySelectorAll("[role=img], nav"))
    if (!one.getAttribute("aria-label")) say("no name", one);
  if (!document.documentElement.lang || !document.title) wrong.push("no language or title");
  const ids = new Set();
  for (const one of document.querySelectorAll("[id]")) {
    if (ids.has(one.id)) say("the same id twice", one);
    ids.add(one.id);
  }

  // Headings.
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((one) => +one.tagName[1]);
  if (levels.filter((level) => level === 1).length !== 1) wrong.push(`h1: not one`);
  if (levels[0] !== 1) wrong.push("the first heading is no h1");
  levels.forEach((level, at) => {
    if (at && level > levels[at - 1] + 1) wrong.push(`h${level} after h${levels[at - 1]}`);
  });
  if (document.querySelectorAll("main").length !== 1) wrong.push("not one main");

  // Contrast.
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (text) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data;
  };
  const light = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const v = rgb[at] / 255;
    return sum + weight * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = (one) => {
    for (let e = one; e; e = e.parentElement) {
      const c = read(getComputedStyle(e).backgroundColor);
      if (c[3] === 255) return c;
    }
    return [255, 255, 255];
  };
  const faded = (one) => {
    let share = 1;
    for (let e = one; e; e = e.parentElement) share *= +getComputedStyle(e).opacity;
    return share;
  };
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    if (one.closest("svg, .skip, .unseen, option") || !seen(one)) continue;
    const [ground, ink, share] = [behind(one), read(getComputedStyle(one).color), faded(one)];
    const mixed = [0, 1, 2].map((at) => ink[at] * share + ground[at] * (1 - share));
    const [low, high] = [light(mixed), light(ground)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)}`, one);
  }

  // Targets: 24 px, unless they stand in a sentence or have that much room around their middle.
  const pressed = "a, button, input:not([type=hidden]), select, summary";
  const targets = [...document.querySelectorAll(pressed)]
    .filter((one) => seen(one) && !one.closest(".skip"));
  const boxes = targets.map((one) => (one.closest("label") || one).getBoundingClientRect());
  targets.forEach((one, at) => {
    const box = boxes[at];
    if (box.height >= 23.9 && box.width >= 23.9) return;
    const inText = getComputedStyle(one).display === "inline"
      && [...one.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (inText) return;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const near = boxes.some((other, place) => place !== at && targets[place] !== one
      && Math.max(other.x - x, x - other.right, 0) ** 2
       + Math.max(other.y - y, y - other.bottom, 0) ** 2 < 12 ** 2);
    if (near) say(`target ${box.width.toFixed(0)} x ${box.height.toFixed(0)}`, one);
  });

  // Room.
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].find((one) => seen(one)
      && one.getBoundingClientRect().right > root.clientWidth + 1
      && !one.closest(".scroll, .tabs"));
    say(`${root.scrollWidth - root.clientWidth} px too wide`, wide || root);
  }
  return [...new Set(wrong)];
}"""
# Looked at between two frames: by then what the page does at another width was done.
DRAWN = """([width, scheme]) => innerWidth === width
  && matchMedia(`(prefers-color-scheme: ${scheme})`).matches"""
REACHED = r"""() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const style = getComputedStyle(one);
  const all = [...document.querySelectorAll("*")];
  return {
    place: all.indexOf(one),
    name: `${one.tagName} ${(one.textContent || one.name || "").trim().slice(0, 30)}`,
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inSight: one.checkVisibility() && one.getBoundingClientRect().width > 0,
  };
}"""
MOST_STEPS = 150


async def barriers(page: Page, where: str, widths: Iterable[int] = WIDTHS) -> list[str]:
    """On the page as it stands, at each width, by day and by night."""
    found: list[str] = []
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await page.wait_for_function(DRAWN, arg=[width, scheme])
            found += [f"{where} {width} {scheme}: {one}" for one in await page.evaluate(FOUND)]
    return found


async def tab_barriers(page: Page, where: str) -> list[str]:
    """Going through the page by the tab key: in its order, in sight, and with a mark."""
    await page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    found: list[str] = []
    last = -1
    for _ in range(MOST_STEPS):
        await page.keyboard.press("Tab")
        one = await page.evaluate(REACHED)
        if one is None or one["place"] < last:
            break
        last = one["place"]
        if not one["isMarked"]:
            found.append(f"{where}: no mark at {one['name']}")
        if not one["inSight"]:
            found.append(f"{where}: out of sight at {one['name']}")
    order = await page.evaluate(
        "() => [...document.querySelectorAll('[tabindex]')].some((one) => one.tabIndex > 0)"
    )
    return [*found, f"{where}: an order of its own"] if order else found
