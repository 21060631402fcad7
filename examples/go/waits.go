package messenger

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/coder/websocket"
)

const (
	firstWait   = 500 * time.Millisecond
	longestWait = 30 * time.Second
	goingAway   = 2 * time.Second
	tooMany     = 10 * time.Second
)

// closeGone stands for a connection that ended without a word.
const closeGone websocket.StatusCode = 1006

// backoff is random, so that not all clients come at the same time, and longer from try to try.
func backoff(tries int) time.Duration {
	longest := longestWait
	if tries < 6 {
		longest = firstWait << tries
	}
	return rand.N(longest)
}

// beforeReconnect is the table of close codes. false: the client does not come back by itself.
func beforeReconnect(code websocket.StatusCode, tries int) (time.Duration, bool) {
	switch code {
	case 1002, 1007, 1009, 4400, 4411:
		return 0, false
	case 4429:
		return tooMany + rand.N(tooMany), true
	case 4401, 4410, 4413, 4421:
		if tries == 0 {
			return 0, true
		}
	case 1001:
		if tries == 0 {
			return rand.N(goingAway), true
		}
	}
	return backoff(tries), true
}

// sleep says whether nobody has ended it before.
func sleep(ctx context.Context, wait time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}
