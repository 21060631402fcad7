package messenger

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
)

// waitingSend is a message that waits to be sent. It keeps its client id until it is answered, so it is never lost nor sent twice.
type waitingSend struct {
	chatID   int64
	contents string
	clientID string
}

// Outbox has what waits to be sent, and what the server has refused.
type Outbox struct {
	rest    *rest
	mutex   sync.Mutex
	waiting []waitingSend
	failed  []error
	added   chan struct{}
}

func newOutbox(rest *rest) *Outbox {
	return &Outbox{rest: rest, added: make(chan struct{}, 1)}
}

// Send sends a text, now or as soon as there is a connection.
func (outbox *Outbox) Send(chatID int64, contents string) {
	outbox.mutex.Lock()
	outbox.waiting = append(outbox.waiting, waitingSend{chatID, contents, rand.Text()})
	outbox.mutex.Unlock()
	select {
	case outbox.added <- struct{}{}:
	default:
	}
}

// Failed says why messages were refused.
func (outbox *Outbox) Failed() []error {
	outbox.mutex.Lock()
	defer outbox.mutex.Unlock()
	return outbox.failed
}

// run sends one after the other, so that messages stay in their order.
func (outbox *Outbox) run(ctx context.Context) {
	for ctx.Err() == nil {
		next, isThere := outbox.first()
		if !isThere {
			select {
			case <-ctx.Done():
			case <-outbox.added:
			}
			continue
		}
		err := retrying(ctx, func() error { return outbox.deliver(ctx, next) })
		if ctx.Err() == nil {
			outbox.answered(err)
		}
	}
}

// deliver tries once. The event of the message brings it.
func (outbox *Outbox) deliver(ctx context.Context, next waitingSend) error {
	body := map[string]string{"contents": next.contents, "client_id": next.clientID}
	return outbox.rest.ask(ctx, http.MethodPost, fmt.Sprintf("/chat/%d/message", next.chatID), body, nil)
}

func (outbox *Outbox) first() (waitingSend, bool) {
	outbox.mutex.Lock()
	defer outbox.mutex.Unlock()
	if len(outbox.waiting) == 0 {
		return waitingSend{}, false
	}
	return outbox.waiting[0], true
}

func (outbox *Outbox) answered(err error) {
	outbox.mutex.Lock()
	defer outbox.mutex.Unlock()
	outbox.waiting = outbox.waiting[1:]
	var refused *RefusedError
	// An earlier try had sent it, and it has been deleted since: that is no failure.
	isGone := errors.As(err, &refused) && refused.Code == "MESSAGE_DELETED"
	if err != nil && !isGone {
		outbox.failed = append(outbox.failed, err)
	}
}
