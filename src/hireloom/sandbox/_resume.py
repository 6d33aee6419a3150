"""A résumé as a small, valid PDF."""

import unicodedata

from hireloom.sandbox._shapes import Person

_SPECIAL = str.maketrans({"Ł": "L", "ł": "l", "ı": "i", "đ": "d"})


def resume_pdf(person: Person) -> bytes:
    """One page with the person's details; the same bytes for the same person."""
    lines = [person.name, person.title, f"{person.city}, {person.country}"]
    lines += [part for part in (person.email, person.phone, person.linkedin) if part]
    lines += ["", "Experience", f"{person.title}, {person.company}", "", "Education", person.school]
    return pdf(lines)


def pdf(lines: list[str]) -> bytes:
    """A one-page document that shows the lines."""
    shown = b"\n".join(b"(%s) Tj T*" % _escape(line) for line in lines)
    content = b"BT /F1 12 Tf 16 TL 72 770 Td\n%s\nET" % shown
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    document = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    document += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(document + b"startxref\n%d\n%%%%EOF\n" % start)


def _escape(line: str) -> bytes:
    encoded = b"".join(_encode(character) for character in line)
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _encode(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:  # the standard fonts know Western letters only: drop the accents
        plain = unicodedata.normalize("NFKD", character.translate(_SPECIAL))
        return plain.encode("ascii", "ignore") or b"?"
