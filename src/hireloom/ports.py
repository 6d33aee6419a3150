"""Ports for servers whose address is told before they listen: the demo's, the sandbox's, tests'."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


def reserve(host: str = "127.0.0.1") -> socket.socket:
    """Hold a free port until the socket is closed: the system gives it to nobody else meanwhile.

    It does not listen, and shares the port with a server that allows that; granian does.
    """
    holder = socket.socket()
    try:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((host, 0))
    except OSError:
        holder.close()
        raise
    return holder


def port_of(held: socket.socket) -> int:
    return int(held.getsockname()[1])


@contextmanager
def reserved(host: str = "127.0.0.1") -> Iterator[int]:
    with reserve(host) as holder:
        yield port_of(holder)
