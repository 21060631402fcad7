import os
import time
from typing import TypeVar

from client import AuthenticatedClient, Client
from client.api.authentication import register
from client.api.chats import create_private_chat, get_chat, get_chats
from client.api.messages import change_message, delete_message, get_messages, send_message
from client.api.real_time import sync
from client.api.users import get_me
from client.models import (
    AccessToken,
    ApiError,
    ChangeMessage,
    ChatList,
    ChatWithParticipants,
    CreatePrivateChat,
    MessageDeletedChange,
    MessageOrder,
    MessagePage,
    MessageStateChange,
    Registration,
    SendMessage,
    SentMessage,
    SuccessAnswer,
    SyncAnswer,
    SyncRequest,
    SyncRequestChats,
    UnknownChange,
    User,
)
from client.types import UNSET

T = TypeVar("T")
SERVER = os.environ["SERVER"]
RUN = str(time.time_ns())


def must(kind: type[T], answer: object) -> T:
    assert isinstance(answer, kind), answer
    return answer


def sign_up(name: str) -> AuthenticatedClient:
    body = Registration(f"{name}-{RUN}", f"{name}-{RUN}@example.com", "correct horse battery")
    answer = must(AccessToken, register.sync(client=Client(SERVER), body=body))
    return AuthenticatedClient(SERVER, token=answer.access_token)


def sync_request(epoch: str | None, known: dict[str, int]) -> SyncRequest:
    chats = SyncRequestChats()
    chats.additional_properties = known
    return SyncRequest(epoch, chats)


def applied(answer: SyncAnswer) -> tuple[list[str], list[int], list[str]]:
    states: list[str] = []
    deleted: list[int] = []
    unknown: list[str] = []
    for chat in answer.chats:
        for change in chat.changes:
            if isinstance(change, MessageStateChange):
                states.append(change.data.contents)
            elif isinstance(change, MessageDeletedChange):
                deleted.append(change.data.id)
            elif isinstance(change, UnknownChange):
                unknown.append(change.type_)
    return states, deleted, unknown


ada, bob = sign_up("ada"), sign_up("bob")
me = must(User, get_me.sync(client=bob))
chat = must(ChatWithParticipants, create_private_chat.sync(client=ada, body=CreatePrivateChat(me.id)))


def send(contents: str) -> SentMessage:
    body = SendMessage(contents, client_id=contents)
    return must(SentMessage, send_message.sync(chat.id, client=ada, body=body))


first, second, third = send("one"), send("two"), send("three")
assert first.deduplicated is UNSET
assert send("one").deduplicated is True

page = must(MessagePage, get_messages.sync(chat.id, client=bob, limit=2, order=MessageOrder.ASC))
assert (page.has_more, page.next_) == (True, second.id)
rest = must(MessagePage, get_messages.sync(chat.id, client=bob, limit=2, cursor=page.next_ or 0))
assert (rest.has_more, rest.next_, rest.messages[0].id) == (False, None, third.id)

must(SentMessage, change_message.sync(first.id, client=ada, body=ChangeMessage("uno")))
assert must(SuccessAnswer, delete_message.sync(second.id, client=ada)).success

epoch = must(SyncAnswer, sync.sync(client=bob, body=sync_request(None, {}))).epoch
caught_up = must(SyncAnswer, sync.sync(client=bob, body=sync_request(epoch, {str(chat.id): third.pts})))
assert applied(caught_up) == (["uno"], [second.id], [])

chats = must(ChatList, get_chats.sync(client=bob, limit=1))
assert chats.has_more is False
assert must(ChatList, get_chats.sync(client=bob, cursor=chats.next_ or "")).chats == []

assert must(ApiError, get_chat.sync(2**53 - 1, client=bob)).details.code == "CHAT_DOES_NOT_EXIST"

later = AuthenticatedClient(os.environ["STAND_IN"], token="none")
answer = must(SyncAnswer, sync.sync(client=later, body=sync_request(None, {})))
assert applied(answer) == (["hello"], [], ["message.pinned"])
assert must(ApiError, get_chat.sync(1, client=later)).details.code == "CHAT_ARCHIVED"
assert must(ApiError, get_me.sync(client=later)).details.code == "PLAN_EXPIRED"
