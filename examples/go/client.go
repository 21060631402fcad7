// Package messenger is a client of messenger-backend that stays up to date: docs/realtime.md, in Go.
package messenger

import (
	"context"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

// Client keeps a connection to the server, whatever happens to it.
type Client struct {
	Replica *Replica
	Outbox  *Outbox
	url     string
	userID  int64
	tokens  *tokens
	rest    *rest
}

// NewClient makes a client for a user. It does nothing before Run.
func NewClient(url string, userID int64, get GetToken) *Client {
	tokens := newTokens(get)
	rest := newRest(url, tokens)
	replica := &Replica{chats: map[int64]*HeldChat{}}
	return &Client{replica, newOutbox(rest), url, userID, tokens, rest}
}

// Run goes on until it is ended, or until the server says that this client must not come back.
func (client *Client) Run(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	go client.Outbox.run(ctx)
	for tries := 0; ctx.Err() == nil; tries++ {
		code, wasReady := client.live(ctx)
		if wasReady {
			tries = 0
		}
		wait, comesBack := beforeReconnect(code, tries)
		if !comesBack {
			return
		}
		sleep(ctx, wait)
	}
}

// live is one connection. It gives the code with which it was closed, and whether it had come about.
func (client *Client) live(ctx context.Context) (websocket.StatusCode, bool) {
	token, err := client.tokens.current(ctx)
	if err != nil {
		return closeGone, false
	}
	limited, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	socket, response, err := websocket.Dial(limited, strings.Replace(client.url, "http", "ws", 1)+"/ws", &websocket.DialOptions{
		Subprotocols: []string{"messenger.v1"},
		// Never in the URL, because URLs end up in logs.
		HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		if response != nil && response.StatusCode == http.StatusUnauthorized {
			client.tokens.refused(token)
			return 4401, false
		}
		return closeGone, false
	}
	socket.SetReadLimit(-1)
	session := &session{
		socket:  socket,
		replica: client.Replica,
		rest:    client.rest,
		tokens:  client.tokens,
		userID:  client.userID,
		frames:  make(chan frame, queueLength),
	}
	session.token.Store(token)
	code := session.run(ctx)
	if code == 4401 || code == 4410 {
		last, _ := session.token.Load().(string)
		client.tokens.refused(last)
	}
	return code, session.isReady
}
