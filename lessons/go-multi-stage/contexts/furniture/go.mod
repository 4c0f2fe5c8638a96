module jettison.example/furniture

go 1.12
