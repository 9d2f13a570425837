"""The door of the server: who may come in, and how often somebody may try a password."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest

SHORTEST_SECRET = 8
"""Characters of a password or token where other machines can reach the door."""
COOKIE_DAYS = 0.5
# Wrong passwords within the window: from one address, and from all together, as addresses are cheap.
WINDOW, TRIES, TRIES_TOGETHER = 60.0, 5, 50


class DoorError(ValueError):
    """The server may not be opened like this; the message says why and what to do."""


def is_local(host: str) -> bool:
    """Whether only this machine reaches an address.

    Examples
    --------
    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("::1"), is_local("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def read_password(file: Path) -> str:
    """The password in a file: its first line.

    Raises
    ------
    DoorError
        No such file, or nothing in its first line.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not text in UTF-8"
        raise DoorError(
            f"{file}: the password cannot be read: {reason}. Write it into the file's first line."
        ) from None
    if not lines or not lines[0].strip():
        raise DoorError(f"{file}: there is no password in it. Write it into the file's first line.")
    return lines[0].strip()


def check_secrets(secrets: Sequence[str], *, host: str) -> None:
    """Whether a server with this password and token, or with none, may listen on an address.

    Raises
    ------
    DoorError
        One of them is empty; or other machines reach the address and there is none, or one that is soon guessed.
    """
    if "" in secrets:
        raise DoorError("The password or token is empty. Give one, or leave the option out.")
    if is_local(host):
        return
    reached = f"{host or 'This address'} can be reached from other machines"
    if not secrets:
        raise DoorError(
            f"{reached}, and everyone who reaches the boards can use them and see the surveys they show. Protect them "
            "with --password-file FILE or --token TOKEN, or stay on --host 127.0.0.1."
        )
    shortest = min(map(len, secrets))
    if shortest < SHORTEST_SECRET:
        raise DoorError(
            f"{reached}, and a password or token of {shortest} characters is soon guessed. Take at least "
            f"{SHORTEST_SECRET}."
        )


@dataclass
class Tries:
    """Wrong passwords of the last minute, by address."""

    _when: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, address: str) -> int:
        """Seconds until an address may try again; 0 where it may now."""
        now = time.monotonic()
        for known in list(self._when):
            times = self._when[known]
            while times and now - times[0] > WINDOW:
                times.popleft()
            if not times:
                del self._when[known]
        own = self._when.get(address, deque())
        everyone = sorted(moment for times in self._when.values() for moment in times)
        waits = [WINDOW - (now - own[0])] if len(own) >= TRIES else []
        waits += [WINDOW - (now - everyone[0])] if len(everyone) >= TRIES_TOGETHER else []
        return math.ceil(max(waits, default=0))

    def wrong(self, address: str) -> None:
        """Somebody at an address did not know the password."""
        self._when.setdefault(address, deque()).append(time.monotonic())


class Door:
    """Lets in who has the cookie of this door, or shows the token; everybody where there is no secret.

    Parameters
    ----------
    secrets : list of str
        The password and the token, each opens; with none the door stands open.
    host : str
        The address that is listened on.
    port : int
        Its port; cookies know no ports, so the cookie's name has it.
    """

    def __init__(self, secrets: Sequence[str], *, host: str, port: int) -> None:
        self.locked = bool(secrets)
        self._digests = [_digest(secret) for secret in secrets]
        self._local = is_local(host)
        self._signing_key = token_bytes(32)
        self.cookie = f"gapkit-{port}"
        self.tries = Tries()

    def opens(self, secret: str) -> bool:
        """Whether this is the secret; takes as long for one that is nearly right as for any other."""
        given = _digest(secret)
        return sum(hmac.compare_digest(given, digest) for digest in self._digests) > 0

    def new_cookie(self) -> str:
        """What a reader who knew the secret gets."""
        from tornado.web import create_signed_value

        return create_signed_value(self._signing_key, self.cookie, "in").decode()

    def knows(self, request: HTTPServerRequest) -> bool:
        """Whether a request may pass: it has the cookie, or the token in a header or in its address."""
        from tornado.web import decode_signed_value

        if not self.locked:
            return True
        value = request.cookies[self.cookie].value if self.cookie in request.cookies else None
        if decode_signed_value(self._signing_key, self.cookie, value, max_age_days=COOKIE_DAYS) == b"in":
            return True
        shown = token_of(request)
        if shown is None or self.tries.wait(str(request.remote_ip)):
            return False
        if self.opens(shown):
            return True
        self.tries.wrong(str(request.remote_ip))
        return False

    def is_meant(self, request: HTTPServerRequest) -> bool:
        """Whether a request was meant for this server.

        A page on the internet may give its own name this machine's address and so read what is served here. Where
        there is no secret to stop it, only the machine's own names are answered.
        """
        return self.locked or not self._local or is_local(urlsplit(f"//{request.host}").hostname or "")


def token_of(request: HTTPServerRequest) -> str | None:
    """The token that a request shows: "Authorization: token ...", "Bearer ...", or ?token=... in its address."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() in ("token", "bearer"):
        return value.strip()
    given = request.query_arguments.get("token")
    return given[-1].decode("utf-8", "replace") if given else None


def _digest(secret: str) -> bytes:
    """All secrets at one length."""
    return hashlib.sha256(secret.encode()).digest()
