// The client as the conformance kit runs it: docs/conformance.md.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"example.com/messenger"
)

type command struct {
	Command  string `json:"command"`
	ChatID   int64  `json:"chat_id"`
	Contents string `json:"contents"`
}

type line struct {
	ChatID            int64               `json:"chat_id"`
	Pts               int64               `json:"pts"`
	Name              *string             `json:"name"`
	ParticipantCount  int                 `json:"participant_count"`
	LastReadMessageID *int64              `json:"last_read_message_id"`
	Messages          []messenger.Message `json:"messages"`
}

func main() {
	userID, err := strconv.ParseInt(os.Getenv("MESSENGER_USER_ID"), 10, 64)
	if err != nil {
		panic(err)
	}
	client := messenger.NewClient(os.Getenv("MESSENGER_URL"), userID, getToken)
	go client.Run(context.Background())
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		var next command
		if err := json.Unmarshal(input.Bytes(), &next); err != nil {
			panic(err)
		}
		if next.Command == "send" {
			client.Outbox.Send(next.ChatID, next.Contents)
		} else {
			report(client)
		}
	}
}

func report(client *messenger.Client) {
	lines := json.NewEncoder(os.Stdout)
	client.Replica.Chats(func(chat messenger.HeldChat) {
		messages := chat.Messages()
		if messages == nil {
			messages = []messenger.Message{}
		}
		err := lines.Encode(line{chat.ID, chat.Pts, chat.Name, chat.ParticipantCount, chat.LastReadMessageID, messages})
		if err != nil {
			panic(err)
		}
	})
	fmt.Println(`{"end":true}`)
}

func getToken(ctx context.Context, reason string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, os.Getenv("MESSENGER_TOKEN_URL")+"?reason="+reason, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var answer struct {
		Token string `json:"token"`
	}
	err = json.NewDecoder(response.Body).Decode(&answer)
	return answer.Token, err
}
