package messenger

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"sync"
)

// HeldChat is a chat as the client keeps it.
type HeldChat struct {
	ID                int64
	Pts               int64 // Everything up to this change is applied.
	Name              *string
	ParticipantCount  int
	LastReadMessageID *int64
	floor             int64 // Messages before this one are not held; 0: all are.
	messages          map[int64]Message
}

// Messages are the newest ones that are to be shown, the oldest first.
func (held HeldChat) Messages() []Message {
	messages := slices.SortedFunc(maps.Values(held.messages), func(one, other Message) int {
		return cmp.Compare(one.ID, other.ID)
	})
	return slices.DeleteFunc(messages, Message.hasDisappeared)
}

// Replica is what the client keeps of the user's chats.
type Replica struct {
	mutex sync.Mutex
	epoch *string
	mePts int64
	chats map[int64]*HeldChat
}

// Chats gives each chat to the reader. Nothing changes meanwhile.
func (replica *Replica) Chats(read func(HeldChat)) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	for _, held := range replica.chats {
		read(*held)
	}
}

// pts is up to where a chat is known.
func (replica *Replica) pts(chatID int64) (int64, bool) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	held, isKnown := replica.chats[chatID]
	if !isKnown {
		return 0, false
	}
	return held.Pts, true
}

func (replica *Replica) ownPts() int64 {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	return replica.mePts
}

// request is a sync with everything that is held.
func (replica *Replica) request() map[string]any {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	chats := map[int64]int64{}
	for id, held := range replica.chats {
		chats[id] = held.Pts
	}
	return map[string]any{"type": "sync", "epoch": replica.epoch, "chats": chats, "me_pts": replica.mePts}
}

// beginEpoch forgets everything when a backup was restored: the numbers may stand for other changes.
func (replica *Replica) beginEpoch(epoch string) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	if replica.epoch == nil || *replica.epoch != epoch {
		replica.chats = map[int64]*HeldChat{}
	}
	replica.epoch = &epoch
}

// add keeps a chat that is new to the client, or that it takes afresh, with its newest page.
func (replica *Replica) add(taken chat, pts int64, newest page) {
	messages := map[int64]Message{}
	floor := int64(0)
	for _, message := range newest.Messages {
		messages[message.ID] = message
		if newest.HasMore {
			floor = message.ID
		}
	}
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	replica.chats[taken.ID] = &HeldChat{
		ID:                taken.ID,
		Pts:               pts,
		Name:              taken.Name,
		ParticipantCount:  taken.ParticipantCount,
		LastReadMessageID: taken.LastReadMessageID,
		floor:             floor,
		messages:          messages,
	}
}

func (replica *Replica) forget(chatID int64) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	delete(replica.chats, chatID)
}

// apply takes the next change of a chat. Of an unknown one its number counts all the same.
func (replica *Replica) apply(chatID int64, change frame) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	held, isKnown := replica.chats[chatID]
	if !isKnown {
		return
	}
	held.Pts = change.Pts
	var data changeData
	if json.Unmarshal(change.Data, &data) != nil {
		return
	}
	switch change.Type {
	case "message.created", "message.updated", "message.reacted", "message.state":
		var message Message
		if json.Unmarshal(change.Data, &message) == nil {
			held.put(message)
		}
	case "message.deleted":
		delete(held.messages, data.ID)
	case "chat.updated":
		held.Name = data.Name
	case "participant.added", "participant.removed":
		held.ParticipantCount = data.ParticipantCount
	}
}

// put keeps a message as it is now, unless a page had a newer state of it.
func (held *HeldChat) put(message Message) {
	before, isHeld := held.messages[message.ID]
	if message.ID >= held.floor && (!isHeld || before.Version <= message.Version) {
		held.messages[message.ID] = message
	}
}

// synced takes what a sync says of a chat beside its changes.
func (replica *Replica) synced(answer syncedChat) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	if held, isKnown := replica.chats[answer.ChatID]; isKnown {
		held.Pts = answer.Pts
		held.LastReadMessageID = answer.LastReadMessageID
	}
}

// applyOwn takes a change of the user's own log. This client shows the read marks alone.
func (replica *Replica) applyOwn(change frame) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	replica.mePts = change.MePts
	var data changeData
	if change.Type != "chat.read_mark" || json.Unmarshal(change.Data, &data) != nil {
		return
	}
	if held, isKnown := replica.chats[data.ChatID]; isKnown {
		held.LastReadMessageID = data.LastReadMessageID
	}
}

func (replica *Replica) moveOwn(mePts int64) {
	replica.mutex.Lock()
	defer replica.mutex.Unlock()
	replica.mePts = mePts
}
