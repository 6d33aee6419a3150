"""A picture with at most 256 colours, which is a third of the size and looks the same.

The browser counts the colours, so that no library for images is needed for it.
"""

import base64
import struct
import zlib

from playwright.async_api import BrowserContext

# The most frequent colours stay as they are; each of the others becomes the nearest of them.
COUNT = r"""async (text) => {
  const blob = await (await fetch(`data:image/png;base64,${text}`)).blob();
  const image = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, image.width, image.height).data;
  const counts = new Map();
  const colour = (at) => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  for (let at = 0; at < data.length; at += 4)
    counts.set(colour(at), (counts.get(colour(at)) || 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([one]) => one);
  const place = new Map(palette.map((one, at) => [one, at]));
  const nearest = (one) => {
    let [best, least] = [0, Infinity];
    palette.forEach((other, at) => {
      const far = [16, 8, 0].reduce(
        (sum, bits) => sum + (((one >> bits) & 255) - ((other >> bits) & 255)) ** 2, 0);
      if (far < least) [best, least] = [at, far];
    });
    return best;
  };
  for (const one of counts.keys()) if (!place.has(one)) place.set(one, nearest(one));
  const indexes = new Uint8Array(data.length / 4);
  for (let at = 0; at < indexes.length; at++) indexes[at] = place.get(colour(4 * at));
  let packed = "";
  for (let at = 0; at < indexes.length; at += 8192)
    packed += String.fromCharCode(...indexes.subarray(at, at + 8192));
  return { palette, width: image.width, height: image.height, indexes: btoa(packed) };
}"""


async def smaller(context: BrowserContext, picture: bytes) -> bytes:
    """A PNG as an indexed PNG."""
    page = await context.new_page()
    try:
        found = await page.evaluate(COUNT, base64.b64encode(picture).decode())
    finally:
        await page.close()
    width, height = found["width"], found["height"]
    indexes = base64.b64decode(found["indexes"])
    rows = b"".join(b"\0" + indexes[at : at + width] for at in range(0, len(indexes), width))
    palette = b"".join(one.to_bytes(3, "big") for one in found["palette"])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def _part(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )
