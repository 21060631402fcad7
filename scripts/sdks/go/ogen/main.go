package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"time"

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

// must gives the answer 200, which is one of several types that an operation answers with.
func must[T any](answer any, err error) T {
	check(err)
	value, ok := answer.(T)
	if !ok {
		panic(fmt.Sprintf("%#v", answer))
	}
	return value
}

type token string

func (t token) Bearer(context.Context, api.OperationName) (api.Bearer, error) {
	return api.Bearer{Token: string(t)}, nil
}

// ServerKey is for the server of a host application: these clients have none.
func (token) ServerKey(context.Context, api.OperationName) (api.ServerKey, error) {
	return api.ServerKey{}, nil
}

func connect(server, accessToken string) *api.Client {
	client, err := api.NewClient(server, token(accessToken))
	check(err)
	return client
}

func signUp(name string) *api.Client {
	server := os.Getenv("SERVER")
	user := name + "-" + run
	answer, err := connect(server, "").Register(ctx, &api.Registration{
		Username: user, Email: user + "@example.com", Password: "correct horse battery",
	})
	return connect(server, must[*api.AccessToken](answer, err).AccessToken)
}

type result struct {
	states  []string
	deleted []int64
	unknown []string
}

// applied reads the changes, which this generator leaves as JSON, into the types that it has for their data.
func applied(answer *api.SyncAnswer) (found result) {
	for _, chat := range answer.Chats {
		for _, raw := range chat.Changes {
			var change struct {
				Type string          `json:"type"`
				Data json.RawMessage `json:"data"`
			}
			check(json.Unmarshal(raw, &change))
			switch change.Type {
			case "message.state":
				var message api.Message
				check(message.UnmarshalJSON(change.Data))
				found.states = append(found.states, message.Contents)
			case "message.deleted":
				var message struct {
					ID int64 `json:"id"`
				}
				check(json.Unmarshal(change.Data, &message))
				found.deleted = append(found.deleted, message.ID)
			default:
				found.unknown = append(found.unknown, change.Type)
			}
		}
	}
	return found
}

func main() {
	ada, bob := signUp("ada"), signUp("bob")
	answer, err := any(nil), error(nil)

	answer, err = bob.GetMe(ctx)
	me := must[*api.User](answer, err)
	answer, err = ada.CreatePrivateChat(ctx, &api.CreatePrivateChat{WithUserID: me.ID})
	chat := must[*api.ChatWithParticipants](answer, err)

	send := func(contents string) *api.SentMessage {
		answer, err := ada.SendMessage(
			ctx,
			&api.SendMessage{Contents: contents, ClientID: api.NewOptString(contents)},
			api.SendMessageParams{ChatID: chat.ID},
		)
		return must[*api.SentMessage](answer, err)
	}
	first, second, third := send("one"), send("two"), send("three")
	equal(first.Deduplicated.Set, false)
	equal(send("one").Deduplicated.Value, true)

	limit := api.NewOptInt32(2)
	answer, err = bob.GetMessages(ctx, api.GetMessagesParams{
		ChatID: chat.ID, Limit: limit, Order: api.NewOptMessageOrder(api.MessageOrderAsc),
	})
	page := must[*api.MessagePage](answer, err)
	equal([]any{page.HasMore, page.Next.Value}, []any{true, second.ID})
	cursor := api.NewOptInt64(page.Next.Value)
	answer, err = bob.GetMessages(ctx, api.GetMessagesParams{ChatID: chat.ID, Limit: limit, Cursor: cursor})
	rest := must[*api.MessagePage](answer, err)
	equal([]any{rest.HasMore, rest.Next.Null, rest.Messages[0].ID}, []any{false, true, third.ID})

	answer, err = ada.ChangeMessage(ctx, &api.ChangeMessage{Contents: "uno"}, api.ChangeMessageParams{MessageID: first.ID})
	equal(must[*api.SentMessage](answer, err).Contents, "uno")
	answer, err = ada.DeleteMessage(ctx, api.DeleteMessageParams{MessageID: second.ID})
	equal(must[*api.SuccessAnswer](answer, err).Success, true)

	nothing := &api.SyncRequest{Epoch: api.NilString{Null: true}, Chats: api.SyncRequestChats{}}
	answer, err = bob.Sync(ctx, nothing)
	epoch := must[*api.SyncAnswer](answer, err).Epoch
	known := api.SyncRequestChats{strconv.FormatInt(chat.ID, 10): third.Pts}
	answer, err = bob.Sync(ctx, &api.SyncRequest{Epoch: api.NewNilString(epoch), Chats: known})
	equal(applied(must[*api.SyncAnswer](answer, err)), result{states: []string{"uno"}, deleted: []int64{second.ID}})

	answer, err = bob.GetChats(ctx, api.GetChatsParams{Limit: limit})
	chats := must[*api.ChatList](answer, err)
	equal(chats.HasMore, false)
	answer, err = bob.GetChats(ctx, api.GetChatsParams{Cursor: api.NewOptString(chats.Next.Value)})
	equal(len(must[*api.ChatList](answer, err).Chats), 0)

	answer, err = bob.GetChat(ctx, api.GetChatParams{ChatID: 1<<53 - 1})
	equal(must[*api.GetChatNotFound](answer, err).Details.Code, "CHAT_DOES_NOT_EXIST")

	later := connect(os.Getenv("STAND_IN"), "none")
	answer, err = later.Sync(ctx, nothing)
	equal(applied(must[*api.SyncAnswer](answer, err)), result{states: []string{"hello"}, unknown: []string{"message.pinned"}})
	answer, err = later.GetChat(ctx, api.GetChatParams{ChatID: 1})
	equal(must[*api.GetChatNotFound](answer, err).Details.Code, "CHAT_ARCHIVED")
	_, err = later.GetMe(ctx)
	var failed *api.FailedStatusCodeWithHeaders
	equal(errors.As(err, &failed), true)
	equal(failed.Response.Details.Code, "PLAN_EXPIRED")
}
