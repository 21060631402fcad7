package messenger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const requestTimeout = 15 * time.Second

// errUnreachable says that the same request may have another answer later.
var errUnreachable = errors.New("no answer")

// RefusedError is an answer that is final.
type RefusedError struct {
	Status int
	Code   string
}

func (refused *RefusedError) Error() string {
	return fmt.Sprintf("%d %s", refused.Status, refused.Code)
}

type rest struct {
	url    string
	tokens *tokens
	client http.Client
}

func newRest(url string, tokens *tokens) *rest {
	return &rest{url: url, tokens: tokens, client: http.Client{Timeout: requestTimeout}}
}

// ask reads the answer into a value; nil: nobody wants it.
func (rest *rest) ask(ctx context.Context, method, path string, body, answer any) error {
	token, err := rest.tokens.current(ctx)
	if err != nil {
		return errUnreachable
	}
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		content = nil
	}
	request, err := http.NewRequestWithContext(ctx, method, rest.url+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := rest.client.Do(request)
	if err != nil {
		return errUnreachable
	}
	defer response.Body.Close()
	switch status := response.StatusCode; {
	case status == http.StatusUnauthorized:
		rest.tokens.refused(token)
		return errUnreachable
	case status == http.StatusTooManyRequests || status >= 500:
		return errUnreachable
	case status >= 300:
		return &RefusedError{status, codeOf(response)}
	case answer == nil:
		return nil
	}
	if json.NewDecoder(response.Body).Decode(answer) != nil {
		return errUnreachable
	}
	return nil
}

// retrying repeats what is not answered, with backoff, until it is, or nobody waits any more.
func retrying(ctx context.Context, task func() error) error {
	for tries := 0; ; tries++ {
		err := task()
		if !errors.Is(err, errUnreachable) {
			return err
		}
		if !sleep(ctx, firstWait/2+backoff(tries)) {
			return ctx.Err()
		}
	}
}

func codeOf(response *http.Response) string {
	var body struct {
		Details struct {
			Code string `json:"code"`
		} `json:"details"`
	}
	if json.NewDecoder(response.Body).Decode(&body) != nil {
		return "UNKNOWN"
	}
	return body.Details.Code
}
