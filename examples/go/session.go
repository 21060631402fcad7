package messenger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

const (
	pageSize      = 50
	answerTimeout = 15 * time.Second
	resyncSpread  = 2 * time.Second
	renewAhead    = time.Minute
	// A connection that leaves a ping unanswered for so long is dead.
	pingEvery   = 15 * time.Second
	pingTimeout = 15 * time.Second
	queueLength = 256
)

// session is one socket, on which the replica is kept up to date by the rule of docs/realtime.md.
type session struct {
	socket  *websocket.Conn
	replica *Replica
	rest    *rest
	tokens  *tokens
	// token is the one that the session began with, or a later one.
	token  atomic.Value
	userID int64
	frames chan frame
	// aside has events that came while something was asked.
	aside   []frame
	refs    int
	isReady bool
}

// run goes on until the socket is closed. It gives the code with which it was.
func (session *session) run(ctx context.Context) websocket.StatusCode {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	defer session.socket.CloseNow()
	go session.read(ctx, end)
	go session.ping(ctx, end)
	err := session.follow(ctx)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if code := websocket.CloseStatus(err); code > 0 {
		return code
	}
	return closeGone
}

func (session *session) read(ctx context.Context, end context.CancelCauseFunc) {
	for {
		var next frame
		if err := wsjson.Read(ctx, session.socket, &next); err != nil {
			end(err)
			return
		}
		select {
		case session.frames <- next:
		case <-ctx.Done():
			return
		}
	}
}

func (session *session) ping(ctx context.Context, end context.CancelCauseFunc) {
	for sleep(ctx, pingEvery) {
		limited, cancel := context.WithTimeout(ctx, pingTimeout)
		err := session.socket.Ping(limited)
		cancel()
		if err != nil {
			end(err)
			return
		}
	}
}

// follow attaches first, then reads: what the sync does not have comes as an event.
func (session *session) follow(ctx context.Context) error {
	first, err := session.next(ctx, answerTimeout)
	if err != nil {
		return err
	}
	if first.Type != "ready" {
		return fmt.Errorf("%s instead of ready", first.Type)
	}
	session.isReady = true
	session.renewBeforeTheEnd(ctx, first)
	if err := session.sync(ctx); err != nil {
		return err
	}
	for {
		event, err := session.nextEvent(ctx)
		if err != nil {
			return err
		}
		if err := session.take(ctx, event); err != nil {
			return err
		}
	}
}

func (session *session) nextEvent(ctx context.Context) (frame, error) {
	if len(session.aside) > 0 {
		event := session.aside[0]
		session.aside = session.aside[1:]
		return event, nil
	}
	return session.next(ctx, 0)
}

// next waits for a frame, as long as it takes when the timeout is 0.
func (session *session) next(ctx context.Context, timeout time.Duration) (frame, error) {
	var late <-chan time.Time
	if timeout > 0 {
		late = time.After(timeout)
	}
	select {
	case next := <-session.frames:
		return next, nil
	case <-ctx.Done():
		return frame{}, ctx.Err()
	case <-late:
		return frame{}, errors.New("no answer in time")
	}
}

func (session *session) take(ctx context.Context, event frame) error {
	switch {
	case event.Type == "ready":
		session.renewBeforeTheEnd(ctx, event)
		return nil
	case event.Type == "resync":
		sleep(ctx, rand.N(resyncSpread))
		return session.sync(ctx)
	case event.MePts > 0:
		return session.takeOwn(ctx, event)
	case event.Pts > 0:
		return session.takeChange(ctx, event)
	}
	// It is of a type that this client does not know, or that it does not show.
	return nil
}

func (session *session) takeOwn(ctx context.Context, event frame) error {
	mine := session.replica.ownPts()
	if event.MePts <= mine {
		return nil
	}
	if event.MePts > mine+1 || event.Type == "me.advanced" {
		return session.sync(ctx)
	}
	session.replica.applyOwn(event)
	return nil
}

func (session *session) takeChange(ctx context.Context, event frame) error {
	mine, isKnown := session.replica.pts(event.ChatID)
	if session.isOwnRemoval(event) {
		if isKnown && event.Pts > mine {
			session.replica.forget(event.ChatID)
		}
		return nil
	}
	if !isKnown && event.Type == "chat.created" {
		var created chat
		if err := json.Unmarshal(event.Data, &created); err != nil {
			return err
		}
		return session.takePage(ctx, created, event.Pts)
	}
	if isKnown && event.Pts <= mine {
		return nil
	}
	isHint := event.Type == "chat.advanced" || event.Type == "chat.created"
	if !isKnown || isHint || event.Pts > mine+1 {
		return session.sync(ctx)
	}
	session.replica.apply(event.ChatID, event)
	return nil
}

func (session *session) isOwnRemoval(event frame) bool {
	var data changeData
	isRemoval := event.Type == "participant.removed" && json.Unmarshal(event.Data, &data) == nil
	return isRemoval && data.UserID == session.userID
}

func (session *session) sync(ctx context.Context) error {
	for {
		var answer syncAnswer
		err := retrying(ctx, func() error { return session.ask(ctx, session.replica.request(), &answer) })
		if err == nil {
			err = session.takeAnswer(ctx, answer)
		}
		if err != nil || !answer.hasMore() {
			return err
		}
	}
}

func (session *session) takeAnswer(ctx context.Context, answer syncAnswer) error {
	session.replica.beginEpoch(answer.Epoch)
	for _, chatID := range answer.Left {
		session.replica.forget(chatID)
	}
	for _, joined := range answer.Joined {
		if err := session.takePage(ctx, joined, joined.Pts); err != nil {
			return err
		}
	}
	for _, synced := range answer.Chats {
		if synced.TooLong {
			if err := session.takeAfresh(ctx, synced.ChatID, synced.Pts); err != nil {
				return err
			}
			continue
		}
		for _, change := range synced.Changes {
			session.replica.apply(synced.ChatID, change)
		}
		session.replica.synced(synced)
	}
	if answer.Me != nil {
		for _, change := range answer.Me.Changes {
			session.replica.applyOwn(change)
		}
		session.replica.moveOwn(answer.Me.MePts)
	}
	return nil
}

func (session *session) takeAfresh(ctx context.Context, chatID, pts int64) error {
	var taken chat
	path := fmt.Sprintf("/chat/%d?participants=0", chatID)
	err := retrying(ctx, func() error { return session.rest.ask(ctx, http.MethodGet, path, nil, &taken) })
	if err != nil {
		return session.unlessRemoved(chatID, err)
	}
	return session.takePage(ctx, taken, pts)
}

// takePage keeps a chat with its newest messages.
func (session *session) takePage(ctx context.Context, taken chat, pts int64) error {
	var newest page
	path := fmt.Sprintf("/chat/%d/messages?order=desc&limit=%d", taken.ID, pageSize)
	err := retrying(ctx, func() error { return session.rest.ask(ctx, http.MethodGet, path, nil, &newest) })
	if err != nil {
		return session.unlessRemoved(taken.ID, err)
	}
	session.replica.add(taken, pts, newest)
	return nil
}

// unlessRemoved forgets a chat that can't be read: the user was removed meanwhile, and there is nothing to keep.
func (session *session) unlessRemoved(chatID int64, err error) error {
	var refused *RefusedError
	if !errors.As(err, &refused) {
		return err
	}
	session.replica.forget(chatID)
	return nil
}

// ask sends a frame and waits for its answer. What comes before is kept aside.
func (session *session) ask(ctx context.Context, question map[string]any, answer any) error {
	session.refs++
	ref := strconv.Itoa(session.refs)
	question["ref"] = ref
	if err := wsjson.Write(ctx, session.socket, question); err != nil {
		return err
	}
	for {
		next, err := session.next(ctx, answerTimeout)
		switch {
		case err != nil:
			return err
		case next.Ref != ref:
			session.aside = append(session.aside, next)
		case next.Type == "error":
			return errUnreachable
		default:
			return json.Unmarshal(next.Data, answer)
		}
	}
}

// renewBeforeTheEnd goes by the server's clock: that of the device may be wrong.
func (session *session) renewBeforeTheEnd(ctx context.Context, ready frame) {
	var start sessionStart
	if json.Unmarshal(ready.Data, &start) != nil {
		return
	}
	life := start.ExpiresAt.Sub(start.ServerTime)
	old, _ := session.token.Load().(string)
	go func() {
		if !sleep(ctx, life-min(renewAhead, life/2)) {
			return
		}
		token, err := session.tokens.renew(ctx, old)
		if err == nil {
			session.token.Store(token)
			_ = wsjson.Write(ctx, session.socket, map[string]string{"type": "authenticate", "token": token})
		}
	}()
}
