package main

import (
	"fmt"
	"net/http"
)

// routes are all addresses that the program answers.
func routes(chats *chats) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", home)
	mux.HandleFunc("/healthz", health)
	mux.HandleFunc("/ws", chats.serve)
	return mux
}

func home(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	fmt.Fprint(w, "Home Page")
}

func health(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, "ok")
}
