// Command echo answers with a home page over HTTP and echoes what it is sent over a WebSocket.
//
// It is the program that the lessons put into images: small, with one dependency, and written with what Go 1.11's
// library has, so that old and new toolchains build it.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	defaultPort  = "8080"
	stopPatience = 3 * time.Second
)

func main() {
	fmt.Println("Hello World")
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// run serves until the process is told to stop, and returns nil after a graceful end.
func run() error {
	stop := make(chan os.Signal, 1)
	// A container's stop sends SIGTERM to process 1, which has no default handler for it.
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)

	listener, err := net.Listen("tcp", ":"+port(os.Getenv))
	if err != nil {
		return err
	}
	log.Printf("listening on %s", listener.Addr())
	return serve(listener, stop)
}

// serve answers requests on listener until stop fires, then closes all WebSockets and waits a short while for the
// requests that are under way.
func serve(listener net.Listener, stop <-chan os.Signal) error {
	chats := newChats()
	server := &http.Server{Handler: routes(chats), ReadHeaderTimeout: 10 * time.Second}

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	select {
	case err := <-failed:
		return err
	case sig := <-stop:
		log.Printf("stopping: %v", sig)
	}

	// Shutdown knows nothing of connections that were upgraded.
	chats.closeAll()
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	return server.Shutdown(ctx)
}

// port is the TCP port to listen on: $PORT, or 8080.
func port(getenv func(string) string) string {
	if value := getenv("PORT"); value != "" {
		return value
	}
	return defaultPort
}
