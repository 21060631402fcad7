package messenger

import (
	"context"
	"sync"
)

// GetToken gives an access token of the user. The reason is "start", "expiring" or "expired".
type GetToken func(ctx context.Context, reason string) (string, error)

// tokens asks for one token at a time, however many requests need it: who waits for the lock gets what came.
type tokens struct {
	mutex  sync.Mutex
	get    GetToken
	token  string
	reason string
}

func newTokens(get GetToken) *tokens {
	return &tokens{get: get, reason: "start"}
}

func (tokens *tokens) current(ctx context.Context) (string, error) {
	tokens.mutex.Lock()
	defer tokens.mutex.Unlock()
	if tokens.token != "" {
		return tokens.token, nil
	}
	return tokens.ask(ctx)
}

// renew gives another token in place of one that will end soon.
func (tokens *tokens) renew(ctx context.Context, old string) (string, error) {
	tokens.mutex.Lock()
	defer tokens.mutex.Unlock()
	if tokens.token != "" && tokens.token != old {
		return tokens.token, nil
	}
	tokens.reason = "expiring"
	return tokens.ask(ctx)
}

// refused says that the server does not accept a token any more.
func (tokens *tokens) refused(token string) {
	tokens.mutex.Lock()
	defer tokens.mutex.Unlock()
	if token == tokens.token {
		tokens.token, tokens.reason = "", "expired"
	}
}

func (tokens *tokens) ask(ctx context.Context) (string, error) {
	token, err := tokens.get(ctx, tokens.reason)
	if err == nil {
		tokens.token = token
	}
	return token, err
}
