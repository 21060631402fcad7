"""Access tokens: one is asked for at a time, however many requests need it."""

import asyncio
from collections.abc import Awaitable, Callable

GetToken = Callable[[str], Awaitable[str]]


class Tokens:
    def __init__(self, get_token: GetToken) -> None:
        self._get_token = get_token
        self._token: str | None = None
        self._reason = "start"
        self._call: asyncio.Task[str] | None = None

    async def get(self) -> str:
        return self._token if self._token is not None else await self.renew(self._reason)

    async def renew(self, reason: str) -> str:
        """Another token, with the reason why: `start`, `expiring` or `expired`."""
        if self._call is None:
            self._call = asyncio.create_task(self._ask(reason))
        # Who waits may give up; the others still get their token.
        return await asyncio.shield(self._call)

    def refused(self, token: str) -> None:
        """The server does not accept it any more."""
        if token == self._token:
            self._token = None
            self._reason = "expired"

    async def _ask(self, reason: str) -> str:
        try:
            self._token = await self._get_token(reason)
            return self._token
        finally:
            self._call = None
