import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AuthenticationApi;
import org.openapitools.client.api.ChatsApi;
import org.openapitools.client.api.MessagesApi;
import org.openapitools.client.api.RealTimeApi;
import org.openapitools.client.api.UsersApi;
import org.openapitools.client.model.ApiError;
import org.openapitools.client.model.Change;
import org.openapitools.client.model.ChangeMessage;
import org.openapitools.client.model.ChatList;
import org.openapitools.client.model.CreatePrivateChat;
import org.openapitools.client.model.KnownChange;
import org.openapitools.client.model.MessageDeletedChange;
import org.openapitools.client.model.MessageOrder;
import org.openapitools.client.model.MessagePage;
import org.openapitools.client.model.MessageStateChange;
import org.openapitools.client.model.Registration;
import org.openapitools.client.model.SendMessage;
import org.openapitools.client.model.SentMessage;
import org.openapitools.client.model.SyncAnswer;
import org.openapitools.client.model.SyncRequest;
import org.openapitools.client.model.SyncedChat;
import org.openapitools.client.model.UnknownChange;

public final class Conversation {
  private static final String RUN = Long.toString(System.nanoTime());

  private Conversation() {}

  private interface Request {
    void send() throws ApiException;
  }

  private record Applied(List<String> states, List<Long> deleted, List<String> unknown) {}

  private static void equal(Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) throw new AssertionError(actual + " is not " + expected);
  }

  private static ApiClient connect(String server, String token) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(server);
    if (token != null) client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    return client;
  }

  private static ApiClient signUp(String name) throws ApiException {
    String server = System.getenv("SERVER");
    String user = name + "-" + RUN;
    Registration registration =
        new Registration().username(user).email(user + "@example.com").password("correct horse battery");
    return connect(server, new AuthenticationApi(connect(server, null)).register(registration).getAccessToken());
  }

  private static Applied applied(SyncAnswer answer) {
    Applied found = new Applied(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (SyncedChat chat : answer.getChats()) {
      for (Change change : chat.getChanges()) {
        if (change.getActualInstance() instanceof UnknownChange unknown) found.unknown().add(unknown.getType());
        if (!(change.getActualInstance() instanceof KnownChange known)) continue;
        if (known.getActualInstance() instanceof MessageStateChange state) {
          found.states().add(state.getData().getContents());
        } else if (known.getActualInstance() instanceof MessageDeletedChange deleted) {
          found.deleted().add(deleted.getData().getId());
        }
      }
    }
    return found;
  }

  private static String codeOf(Request request) throws JsonProcessingException {
    try {
      request.send();
    } catch (ApiException failure) {
      ApiError error = ApiClient.createDefaultObjectMapper().readValue(failure.getResponseBody(), ApiError.class);
      return error.getDetails().getCode();
    }
    throw new AssertionError("The request did not fail.");
  }

  private static SentMessage send(ApiClient client, Long chatId, String contents) throws ApiException {
    return new MessagesApi(client).sendMessage(chatId, new SendMessage().contents(contents).clientId(contents));
  }

  public static void main(String[] args) throws ApiException, JsonProcessingException {
    ApiClient ada = signUp("ada");
    ApiClient bob = signUp("bob");
    Long me = new UsersApi(bob).getMe().getId();
    Long chatId = new ChatsApi(ada).createPrivateChat(new CreatePrivateChat().withUserId(me)).getId();

    SentMessage first = send(ada, chatId, "one");
    SentMessage second = send(ada, chatId, "two");
    SentMessage third = send(ada, chatId, "three");
    equal(first.getDeduplicated(), null);
    equal(send(ada, chatId, "one").getDeduplicated(), true);

    MessagePage page = new MessagesApi(bob).getMessages(chatId, null, 2, MessageOrder.ASC, null, null);
    equal(List.of(page.getHasMore(), page.getNext()), List.of(true, second.getId()));
    MessagePage rest = new MessagesApi(bob).getMessages(chatId, page.getNext(), 2, null, null, null);
    equal(List.of(rest.getHasMore(), rest.getMessages().get(0).getId()), List.of(false, third.getId()));
    equal(rest.getNext(), null);

    new MessagesApi(ada).changeMessage(first.getId(), new ChangeMessage().contents("uno"));
    equal(new MessagesApi(ada).deleteMessage(second.getId(), null).getSuccess(), true);

    SyncRequest nothing = new SyncRequest().epoch(null).chats(Map.of());
    String epoch = new RealTimeApi(bob).sync(nothing).getEpoch();
    SyncRequest behind = new SyncRequest().epoch(epoch).chats(Map.of(chatId.toString(), third.getPts()));
    equal(
        applied(new RealTimeApi(bob).sync(behind)),
        new Applied(List.of("uno"), List.of(second.getId()), List.of()));

    ChatList list = new ChatsApi(bob).getChats(null, 1, null, null);
    equal(list.getHasMore(), false);
    equal(new ChatsApi(bob).getChats(list.getNext(), null, null, null).getChats(), List.of());

    equal(codeOf(() -> new ChatsApi(bob).getChat((1L << 53) - 1, null)), "CHAT_DOES_NOT_EXIST");

    ApiClient later = connect(System.getenv("STAND_IN"), null);
    equal(
        applied(new RealTimeApi(later).sync(nothing)),
        new Applied(List.of("hello"), List.of(), List.of("message.pinned")));
    equal(codeOf(() -> new ChatsApi(later).getChat(1L, null)), "CHAT_ARCHIVED");
    equal(codeOf(() -> new UsersApi(later).getMe()), "PLAN_EXPIRED");
  }
}
