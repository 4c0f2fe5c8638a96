module jettison.example/version

go 1.12
