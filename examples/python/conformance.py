"""The client as the conformance kit runs it: docs/conformance.md."""

import asyncio
import json
import os
import sys
import urllib.request

from messenger import Client

TOKEN_URL = os.environ["MESSENGER_TOKEN_URL"]


async def get_token(reason: str) -> str:
    def ask() -> str:
        with urllib.request.urlopen(f"{TOKEN_URL}?reason={reason}", timeout=15) as response:
            return str(json.load(response)["token"])

    return await asyncio.to_thread(ask)


# What a message does not have is null.
FIELDS = (
    "id",
    "author_id",
    "contents",
    "version",
    "reactions",
    "thread_id",
    "thread",
    "mentions",
    "custom",
    "expires_at",
)


def report(client: Client) -> None:
    for chat in client.replica.chats.values():
        messages = [{name: message.get(name) for name in FIELDS} for message in chat.shown()]
        line = {
            "chat_id": chat.id,
            "pts": chat.pts,
            "name": chat.name,
            "participant_count": chat.participant_count,
            "last_read_message_id": chat.last_read_message_id,
            "messages": messages,
        }
        print(json.dumps(line))
    print('{"end":true}', flush=True)


async def main() -> None:
    client = Client(os.environ["MESSENGER_URL"], int(os.environ["MESSENGER_USER_ID"]), get_token)
    running = asyncio.create_task(client.run())
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        if command["command"] == "send":
            client.outbox.send(command["chat_id"], command["contents"])
        else:
            report(client)
    running.cancel()


if __name__ == "__main__":
    asyncio.run(main())
