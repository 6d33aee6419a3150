"""A mail server on loopback, as small as it can be: it keeps what it is given."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self


@dataclass
class Mailbox:
    """`refuses` are the commands that it does not like, by their first word, with the code."""

    refuses: dict[str, int] = field(default_factory=dict)
    hangs: bool = False  # it takes connections and says nothing
    mails: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        shares = bool(self.port)  # with who keeps the port free for it
        self._server = await asyncio.start_server(
            self._begin, "127.0.0.1", self.port, reuse_port=shares
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def url(self, **parts: str) -> str:
        user = f"{parts['user']}:{parts['password']}@" if "user" in parts else ""
        return f"smtp://{user}127.0.0.1:{self.port}?tls=none&from=ats@example.com"

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.hangs:
                await asyncio.Event().wait()
            writer.write(b"220 mailbox\r\n")
            while line := (await reader.readline()).decode().strip():
                self.said.append(line)
                word = line.partition(" ")[0].upper()
                writer.write(self._answer(word))
                if word == "DATA" and word not in self.refuses:
                    content = await reader.readuntil(b"\r\n.\r\n")
                    plain = content[:-5].replace(b"\r\n..", b"\r\n.")  # RFC 5321, 4.5.2
                    self.mails.append(message_from_bytes(plain, policy=policy.default))
                    writer.write(b"250 taken\r\n")
                await writer.drain()
                if word == "QUIT":
                    break
        finally:
            writer.close()

    def _answer(self, word: str) -> bytes:
        if word in self.refuses:
            return f"{self.refuses[word]} no, and ada.lovelace@example.com knows why\r\n".encode()
        return {
            "EHLO": b"250-mailbox\r\n250 AUTH PLAIN\r\n",
            "AUTH": b"235 welcome\r\n",
            "DATA": b"354 go on\r\n",
            "QUIT": b"221 bye\r\n",
        }.get(word, b"250 fine\r\n")
