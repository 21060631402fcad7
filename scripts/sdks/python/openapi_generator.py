import os
import time
from collections.abc import Callable

from client import (
    ApiClient,
    ApiError,
    ApiException,
    AuthenticationApi,
    ChangeMessage,
    ChatsApi,
    Configuration,
    CreatePrivateChat,
    KnownChange,
    MessageDeletedChange,
    MessageOrder,
    MessagesApi,
    MessageStateChange,
    RealTimeApi,
    Registration,
    SendMessage,
    SentMessage,
    SyncAnswer,
    SyncRequest,
    UnknownChange,
    UsersApi,
)

SERVER = os.environ["SERVER"]
RUN = str(time.time_ns())


def sign_up(name: str) -> ApiClient:
    body = Registration(username=f"{name}-{RUN}", email=f"{name}-{RUN}@example.com", password="correct horse battery")
    answer = AuthenticationApi(ApiClient(Configuration(host=SERVER))).register(body)
    return ApiClient(Configuration(host=SERVER, access_token=answer.access_token))


def applied(answer: SyncAnswer) -> tuple[list[str], list[int], list[str]]:
    states: list[str] = []
    deleted: list[int] = []
    unknown: list[str] = []
    for chat in answer.chats:
        for change in chat.changes:
            instance = change.actual_instance
            if isinstance(instance, UnknownChange):
                unknown.append(instance.type)
            elif isinstance(instance, KnownChange):
                known = instance.actual_instance
                if isinstance(known, MessageStateChange):
                    states.append(known.data.contents)
                elif isinstance(known, MessageDeletedChange):
                    deleted.append(known.data.id)
    return states, deleted, unknown


def code_of(request: Callable[[], object]) -> str:
    try:
        request()
    except ApiException as failure:
        error = failure.data or ApiError.from_json(failure.body or "")
        assert isinstance(error, ApiError), failure
        return error.details.code
    raise AssertionError("The request did not fail.")


ada, bob = sign_up("ada"), sign_up("bob")
me = UsersApi(bob).get_me()
chat = ChatsApi(ada).create_private_chat(CreatePrivateChat(with_user_id=me.id))


def send(contents: str) -> SentMessage:
    return MessagesApi(ada).send_message(chat.id, SendMessage(contents=contents, client_id=contents))


first, second, third = send("one"), send("two"), send("three")
assert first.deduplicated is None
assert send("one").deduplicated is True

page = MessagesApi(bob).get_messages(chat.id, limit=2, order=MessageOrder.ASC)
assert (page.has_more, page.next) == (True, second.id)
rest = MessagesApi(bob).get_messages(chat.id, limit=2, cursor=page.next)
assert (rest.has_more, rest.next, rest.messages[0].id) == (False, None, third.id)

MessagesApi(ada).change_message(first.id, ChangeMessage(contents="uno"))
assert MessagesApi(ada).delete_message(second.id).success

epoch = RealTimeApi(bob).sync(SyncRequest(epoch=None, chats={})).epoch
caught_up = RealTimeApi(bob).sync(SyncRequest(epoch=epoch, chats={str(chat.id): third.pts}))
assert applied(caught_up) == (["uno"], [second.id], [])

chats = ChatsApi(bob).get_chats(limit=1)
assert chats.has_more is False
assert ChatsApi(bob).get_chats(cursor=chats.next).chats == []

assert code_of(lambda: ChatsApi(bob).get_chat(2**53 - 1)) == "CHAT_DOES_NOT_EXIST"

later = ApiClient(Configuration(host=os.environ["STAND_IN"]))
assert applied(RealTimeApi(later).sync(SyncRequest(epoch=None, chats={}))) == (["hello"], [], ["message.pinned"])
assert code_of(lambda: ChatsApi(later).get_chat(1)) == "CHAT_ARCHIVED"
assert code_of(lambda: UsersApi(later).get_me()) == "PLAN_EXPIRED"
