"""Files of the Ashby simulator: opaque handles, and addresses that soon expire."""

import base64
import binascii
import hashlib
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import msgspec

from hireloom.sandbox._ashby_directory import Directory
from hireloom.sandbox._ashby_people import People
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN
from hireloom.sandbox._ashby_wire import Json
from hireloom.sandbox._resume import pdf
from hireloom.sandbox.world import ATTACHMENTS_EACH, World, resume_pdf

ORIGIN = "https://ashby-files.s3.amazonaws.com"
FOLDER = "organizations/sandbox"
LIFE = 300  # seconds that an address is good for


class Stored(msgspec.Struct, kw_only=True):
    name: str
    content_type: str
    content: bytes | None = None  # None: the handle waits for its upload


class Denied(Exception):  # noqa: N818 -- it is an answer of the file store, not an error of ours
    """The file store's refusal, told in XML."""


class Files:
    """Those of the world are made when asked for; uploads are kept."""

    def __init__(self, world: World, directory: Directory, people: People) -> None:
        self._world = world
        self._directory = directory
        self._people = people
        self.clock: Callable[[], float] = time.time
        self.uploads: dict[int, Stored] = {}
        self.epoch = 0

    def body(self, index: int) -> Json:
        return {
            "id": self._directory.id("file", index),
            "name": self.name(index),
            "handle": self.handle(index),
        }

    def name(self, index: int) -> str:
        stored = self.uploads.get(index)
        return self._people.file(index)[0] if stored is None else stored.name

    def add(self, name: str, content_type: str, content: bytes | None) -> int:
        """Keep an upload, or the promise of one; answers its index."""
        index = FIRST_WRITTEN + len(self.uploads)
        self.uploads[index] = Stored(name=name, content_type=content_type, content=content)
        return index

    def handle(self, index: int) -> str:
        plain = self._directory.id("file", index).encode()
        check = hashlib.blake2b(plain, digest_size=6).digest()
        return base64.urlsafe_b64encode(check + plain).decode()

    def find(self, handle: str) -> int | None:
        """The index of a file whose content is there."""
        try:
            file_id = base64.urlsafe_b64decode(handle)[6:].decode()
        except (binascii.Error, ValueError):
            return None
        index = self._index(file_id)
        return None if index is None or self.handle(index) != handle else index

    def url(self, index: int) -> str:
        """An address that anybody may read from, for a while."""
        key = f"{FOLDER}/{self._directory.id('file', index)}/{quote(self.name(index))}"
        date = datetime.fromtimestamp(self.clock(), UTC).strftime("%Y%m%dT%H%M%SZ")
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Date": date,
            "X-Amz-Expires": str(LIFE),
            "X-Amz-SignedHeaders": "host",
            "X-Amz-Signature": self._signature(self._directory.id("file", index), date),
        }
        return f"{ORIGIN}/{key}?{urlencode(query)}"

    def read(self, file_id: str, query: Mapping[str, str]) -> Stored:
        """The file behind a signed address."""
        date = query.get("X-Amz-Date", "")
        try:
            signed = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise Denied("Access Denied") from None
        if query.get("X-Amz-Signature") != self._signature(file_id, date):
            known = any(
                query.get("X-Amz-Signature") == self._signature(file_id, date, epoch)
                for epoch in range(self.epoch)
            )
            raise Denied("Request has expired" if known else "Access Denied")
        if self.clock() > signed.timestamp() + LIFE:
            raise Denied("Request has expired")
        index = self._index(file_id)
        if index is None:
            raise Denied("Access Denied")
        return self._stored(index)

    def ticket(self, index: int) -> Json:
        """What a client needs to put a promised file in its place."""
        key = f"{FOLDER}/{self._directory.id('file', index)}"
        fields = {"key": key, "Content-Type": self.uploads[index].content_type}
        fields["X-Amz-Signature"] = self._signature(key, "upload")
        return {"handle": self.handle(index), "url": f"{ORIGIN}/", "fields": fields}

    def receive(self, fields: Mapping[str, str], content: bytes) -> None:
        """Take a promised file."""
        key = fields.get("key", "")
        if fields.get("X-Amz-Signature") != self._signature(key, "upload"):
            raise Denied("Access Denied")
        index = self._directory.world.index_of("ashby-file", key.rpartition("/")[2])
        if index not in self.uploads:
            raise Denied("Access Denied")
        self.uploads[index].content = content

    def expire(self) -> None:
        """Age every address handed out so far past its life."""
        self.epoch += 1

    def _stored(self, index: int) -> Stored:
        if index in self.uploads:
            return self.uploads[index]
        name, person, kind = self._people.file(index)
        made = self._world.person(person)
        letter = ["Dear hiring team,", "", "I would like to join you.", "", made.name]
        content = resume_pdf(made) if kind == "resume" else pdf(letter)
        return Stored(name=name, content_type="application/pdf", content=content)

    def _index(self, file_id: str) -> int | None:
        index = self._world.index_of("ashby-file", file_id)
        if index is None:
            return None
        if index in self.uploads:
            return index if self.uploads[index].content is not None else None
        made = 0 <= index < self._world.applications * ATTACHMENTS_EACH
        application = self._world.application(index // ATTACHMENTS_EACH) if made else None
        found = [] if application is None else self._world.attachments_of(application)
        return index if any(each.index == index for each in found) else None

    def _signature(self, file_id: str, date: str, epoch: int | None = None) -> str:
        number = self.epoch if epoch is None else epoch
        plain = f"{self._world.seed}/{number}/{file_id}/{date}".encode()
        return hashlib.blake2b(plain, digest_size=32).hexdigest()
