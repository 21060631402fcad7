package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"sdk/api"
)

var ctx = context.Background()
var run = strconv.FormatInt(time.Now().UnixNano(), 10)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func equal(actual, expected any) {
	if !reflect.DeepEqual(actual, expected) {
		panic(fmt.Sprintf("%#v is not %#v", actual, expected))
	}
}

// must gives the answer 200 of a response.
func must[T any](answer *T, body []byte) T {
	if answer == nil {
		panic(string(body))
	}
	return *answer
}

func connect(server, token string) *api.ClientWithResponses {
	client, err := api.NewClientWithResponses(server, api.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		return nil
	}))
	check(err)
	return client
}

func signUp(name string) *api.ClientWithResponses {
	server := os.Getenv("SERVER")
	user := name + "-" + run
	email := user + "@example.com"
	answer, err := connect(server, "").RegisterWithResponse(ctx, api.Registration{
		Username: user, Email: types.Email(email), Password: "correct horse battery",
	})
	check(err)
	return connect(server, must(answer.JSON200, answer.Body).AccessToken)
}

type result struct {
	states  []string
	deleted []int64
	unknown []string
}

func applied(answer *api.SyncResponse) (found result) {
	for _, chat := range must(answer.JSON200, answer.Body).Chats {
		for _, change := range chat.Changes {
			known, err := change.AsKnownChange()
			check(err)
			value, err := known.ValueByDiscriminator()
			if err != nil {
				unknown, err := change.AsUnknownChange()
				check(err)
				found.unknown = append(found.unknown, unknown.Type)
				continue
			}
			switch value := value.(type) {
			case api.MessageStateChange:
				found.states = append(found.states, value.Data.Contents)
			case api.MessageDeletedChange:
				found.deleted = append(found.deleted, value.Data.Id)
			}
		}
	}
	return found
}

func main() {
	ada, bob := signUp("ada"), signUp("bob")
	me, err := bob.GetMeWithResponse(ctx)
	check(err)
	opened, err := ada.CreatePrivateChatWithResponse(ctx, api.CreatePrivateChat{WithUserId: must(me.JSON200, me.Body).Id})
	check(err)
	chatID := must(opened.JSON200, opened.Body).Id

	send := func(contents string) api.SentMessage {
		sent, err := ada.SendMessageWithResponse(ctx, chatID, api.SendMessage{Contents: contents, ClientId: &contents})
		check(err)
		return must(sent.JSON200, sent.Body)
	}
	first, second, third := send("one"), send("two"), send("three")
	equal(first.Deduplicated == nil, true)
	equal(*send("one").Deduplicated, true)

	limit, order := int32(2), api.Asc
	firstPage, err := bob.GetMessagesWithResponse(ctx, chatID, &api.GetMessagesParams{Limit: &limit, Order: &order})
	check(err)
	page := must(firstPage.JSON200, firstPage.Body)
	equal([]any{page.HasMore, *page.Next}, []any{true, second.Id})
	lastPage, err := bob.GetMessagesWithResponse(ctx, chatID, &api.GetMessagesParams{Limit: &limit, Cursor: page.Next})
	check(err)
	rest := must(lastPage.JSON200, lastPage.Body)
	equal([]any{rest.HasMore, rest.Next == nil, rest.Messages[0].Id}, []any{false, true, third.Id})

	edited, err := ada.ChangeMessageWithResponse(ctx, first.Id, api.ChangeMessage{Contents: "uno"})
	check(err)
	equal(must(edited.JSON200, edited.Body).Contents, "uno")
	deleted, err := ada.DeleteMessageWithResponse(ctx, second.Id, nil)
	check(err)
	equal(must(deleted.JSON200, deleted.Body).Success, true)

	start, err := bob.SyncWithResponse(ctx, api.SyncRequest{Chats: map[string]int64{}})
	check(err)
	epoch := must(start.JSON200, start.Body).Epoch
	known := map[string]int64{strconv.FormatInt(chatID, 10): third.Pts}
	caughtUp, err := bob.SyncWithResponse(ctx, api.SyncRequest{Epoch: &epoch, Chats: known})
	check(err)
	equal(applied(caughtUp), result{states: []string{"uno"}, deleted: []int64{second.Id}})

	list, err := bob.GetChatsWithResponse(ctx, &api.GetChatsParams{Limit: &limit})
	check(err)
	chats := must(list.JSON200, list.Body)
	equal(chats.HasMore, false)
	past, err := bob.GetChatsWithResponse(ctx, &api.GetChatsParams{Cursor: chats.Next})
	check(err)
	equal(len(must(past.JSON200, past.Body).Chats), 0)

	missing, err := bob.GetChatWithResponse(ctx, 1<<53-1, nil)
	check(err)
	equal(must(missing.JSON404, missing.Body).Details.Code, "CHAT_DOES_NOT_EXIST")

	later := connect(os.Getenv("STAND_IN"), "")
	future, err := later.SyncWithResponse(ctx, api.SyncRequest{Chats: map[string]int64{}})
	check(err)
	equal(applied(future), result{states: []string{"hello"}, unknown: []string{"message.pinned"}})
	archived, err := later.GetChatWithResponse(ctx, 1, nil)
	check(err)
	equal(must(archived.JSON404, archived.Body).Details.Code, "CHAT_ARCHIVED")
	expired, err := later.GetMeWithResponse(ctx)
	check(err)
	equal(must(expired.JSONDefault, expired.Body).Details.Code, "PLAN_EXPIRED")
}
