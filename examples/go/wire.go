package messenger

import (
	"encoding/json"
	"time"
)

// Message is a message of a chat. What it does not have is null.
type Message struct {
	ID        int64           `json:"id"`
	AuthorID  int64           `json:"author_id"`
	Contents  string          `json:"contents"`
	Version   int64           `json:"version"`
	Reactions json.RawMessage `json:"reactions"`
	ThreadID  *int64          `json:"thread_id"`
	Thread    json.RawMessage `json:"thread"`
	Mentions  json.RawMessage `json:"mentions"`
	Custom    json.RawMessage `json:"custom"`
	ExpiresAt *string         `json:"expires_at"`
}

// hasDisappeared says whether its time has come: the server deletes it a little later.
func (message Message) hasDisappeared() bool {
	if message.ExpiresAt == nil {
		return false
	}
	expiresAt, err := time.Parse(time.RFC3339, *message.ExpiresAt)
	return err == nil && !time.Now().Before(expiresAt)
}

// chat is a chat as the server tells it.
type chat struct {
	ID                int64   `json:"id"`
	Pts               int64   `json:"pts"`
	Name              *string `json:"name"`
	ParticipantCount  int     `json:"participant_count"`
	LastReadMessageID *int64  `json:"last_read_message_id"`
}

// page is a page of messages, the newest first.
type page struct {
	Messages []Message `json:"messages"`
	HasMore  bool      `json:"has_more"`
}

// frame is a frame of the server, or a change in a sync.
type frame struct {
	Type   string          `json:"type"`
	Ref    string          `json:"ref"`
	ChatID int64           `json:"chat_id"`
	Pts    int64           `json:"pts"`
	MePts  int64           `json:"me_pts"`
	Data   json.RawMessage `json:"data"`
}

// changeData is what the changes that this client knows have in their data.
type changeData struct {
	ID                int64   `json:"id"`
	ChatID            int64   `json:"chat_id"`
	UserID            int64   `json:"user_id"`
	Name              *string `json:"name"`
	ParticipantCount  int     `json:"participant_count"`
	LastReadMessageID *int64  `json:"last_read_message_id"`
}

type sessionStart struct {
	ExpiresAt  time.Time `json:"expires_at"`
	ServerTime time.Time `json:"server_time"`
}

type syncAnswer struct {
	Epoch   string       `json:"epoch"`
	HasMore bool         `json:"has_more"`
	Joined  []chat       `json:"joined"`
	Left    []int64      `json:"left"`
	Chats   []syncedChat `json:"chats"`
	Me      *struct {
		MePts   int64   `json:"me_pts"`
		HasMore bool    `json:"has_more"`
		Changes []frame `json:"changes"`
	} `json:"me"`
}

type syncedChat struct {
	ChatID            int64   `json:"chat_id"`
	Pts               int64   `json:"pts"`
	HasMore           bool    `json:"has_more"`
	TooLong           bool    `json:"too_long"`
	LastReadMessageID *int64  `json:"last_read_message_id"`
	Changes           []frame `json:"changes"`
}

// hasMore says whether another sync is needed.
func (answer syncAnswer) hasMore() bool {
	more := answer.HasMore || answer.Me != nil && answer.Me.HasMore
	for _, synced := range answer.Chats {
		more = more || synced.HasMore
	}
	return more
}
