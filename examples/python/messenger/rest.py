"""Requests of the REST API, with the standard library."""

import asyncio
import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from .tokens import Tokens

TIMEOUT_SECONDS = 15


class Unreachable(Exception):
    """There was no answer, or one that says to try again."""


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Rest:
    def __init__(self, url: str, tokens: Tokens) -> None:
        self._url = url
        self._tokens = tokens

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """Raises Refused for an answer that is final, and Unreachable when the same request may have another one later."""
        token = await self._tokens.get()
        try:
            return await asyncio.to_thread(self._send, method, path, token, body)
        except Refused as refusal:
            if refusal.status == 401:
                self._tokens.refused(token)
                raise Unreachable from refusal
            if refusal.status == 429 or refusal.status >= 500:
                raise Unreachable from refusal
            raise
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable from error

    def _send(self, method: str, path: str, token: str, body: object) -> Any:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, _code_of(error.read())) from None


def _code_of(answer: bytes) -> str:
    try:
        return str(json.loads(answer)["details"]["code"])
    except (ValueError, KeyError, TypeError):
        return "UNKNOWN"
