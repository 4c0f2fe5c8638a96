module jettison.example/frontend

go 1.24
