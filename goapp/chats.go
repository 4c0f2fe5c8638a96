package main

import (
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const maxMessageBytes = 4 << 20

var upgrader = websocket.Upgrader{
	// The learner's page is a file or lives on another port: any origin may connect.
	CheckOrigin: func(*http.Request) bool { return true },
}

// chats are the open WebSockets.
type chats struct {
	mu   sync.Mutex
	open map[*websocket.Conn]bool
}

func newChats() *chats {
	return &chats{open: make(map[*websocket.Conn]bool)}
}

// serve upgrades one request and echoes all that comes, until the other side goes.
func (c *chats) serve(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		// Upgrade has answered the request already.
		log.Printf("upgrade: %v", err)
		return
	}
	conn.SetReadLimit(maxMessageBytes)
	c.add(conn)
	defer c.remove(conn)
	log.Printf("connected: %s", conn.RemoteAddr())
	if err := echo(conn); websocket.IsUnexpectedCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
		log.Printf("disconnected: %v", err)
		return
	}
	log.Printf("disconnected: %s", conn.RemoteAddr())
}

// echo prints each message and sends it back as it came. It returns the error that ended the connection.
func echo(conn *websocket.Conn) error {
	for {
		kind, message, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		if kind == websocket.TextMessage {
			log.Printf("message: %q", message)
		} else {
			log.Printf("message: %d bytes of binary", len(message))
		}
		if err := conn.WriteMessage(kind, message); err != nil {
			return err
		}
	}
}

// closeAll says goodbye to everybody, so that a stop need not wait for them.
func (c *chats) closeAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	goodbye := websocket.FormatCloseMessage(websocket.CloseGoingAway, "the server stops")
	for conn := range c.open {
		if err := conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(time.Second)); err != nil {
			log.Printf("goodbye: %v", err)
		}
		if err := conn.Close(); err != nil {
			log.Printf("close: %v", err)
		}
	}
}

func (c *chats) add(conn *websocket.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[conn] = true
}

func (c *chats) remove(conn *websocket.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, conn)
	// After closeAll it is closed already, and that is well.
	_ = conn.Close()
}
