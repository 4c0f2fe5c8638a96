package main

import (
	"io/ioutil"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := ioutil.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestPagesAnswer(t *testing.T) {
	server := httptest.NewServer(routes(newChats()))
	defer server.Close()
	for _, want := range []struct {
		path   string
		status int
		body   string
	}{
		{"/", http.StatusOK, "Home Page"},
		{"/healthz", http.StatusOK, "ok"},
		{"/elsewhere", http.StatusNotFound, "404 page not found\n"},
	} {
		status, body := get(t, server.URL+want.path)
		if status != want.status || body != want.body {
			t.Errorf("GET %s: %d %q, want %d %q", want.path, status, body, want.status, want.body)
		}
	}
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(url, "http")+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestMessagesComeBackAsTheyWere(t *testing.T) {
	server := httptest.NewServer(routes(newChats()))
	defer server.Close()
	conn := dial(t, server.URL)
	defer conn.Close()
	for _, want := range []struct {
		kind int
		text string
	}{
		{websocket.TextMessage, "héllo"},
		{websocket.TextMessage, ""},
		{websocket.BinaryMessage, "\x00\xff"},
		{websocket.BinaryMessage, strings.Repeat("x", 1<<20)},
	} {
		if err := conn.WriteMessage(want.kind, []byte(want.text)); err != nil {
			t.Fatal(err)
		}
		kind, got, err := conn.ReadMessage()
		if err != nil || kind != want.kind || string(got) != want.text {
			t.Errorf("sent %d bytes of kind %d, got %d bytes of kind %d, error %v",
				len(want.text), want.kind, len(got), kind, err)
		}
	}
}

func TestFailedUpgradeIsAnsweredAndSurvived(t *testing.T) {
	server := httptest.NewServer(routes(newChats()))
	defer server.Close()
	if status, _ := get(t, server.URL+"/ws"); status != http.StatusBadRequest {
		t.Errorf("a plain GET of /ws: %d, want %d", status, http.StatusBadRequest)
	}
	if status, _ := get(t, server.URL+"/"); status != http.StatusOK {
		t.Errorf("afterwards GET /: %d, want %d", status, http.StatusOK)
	}
}

func TestStopIsGracefulAndDoesNotWaitForOpenChats(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	ended := make(chan error, 1)
	go func() { ended <- serve(listener, stop) }()
	conn := dial(t, "http://"+listener.Addr().String())
	defer conn.Close()
	if err := conn.WriteMessage(websocket.TextMessage, []byte("still here")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.ReadMessage(); err != nil {
		t.Fatal(err)
	}

	stop <- syscall.SIGTERM

	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("the chat ended with %v, want a close frame that says going away", err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the stop ended with %v", err)
		}
	case <-time.After(stopPatience):
		t.Error("the stop waited for an open chat")
	}
}

func TestPortComesFromTheEnvironment(t *testing.T) {
	if got := port(func(string) string { return "9090" }); got != "9090" {
		t.Errorf("with PORT=9090: %s", got)
	}
	if got := port(func(string) string { return "" }); got != "8080" {
		t.Errorf("with no PORT: %s", got)
	}
}
