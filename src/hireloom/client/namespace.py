"""What the generated classes are made of: a part of the methods' names, and who sends."""

from hireloom.client.async_sender import AsyncSender
from hireloom.client.sender import Sender


class Namespace:
    def __init__(self, sender: Sender) -> None:
        self._sender = sender


class AsyncNamespace:
    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender
