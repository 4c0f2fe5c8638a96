module jettison.example/echo

go 1.12

require github.com/gorilla/websocket v1.5.0
