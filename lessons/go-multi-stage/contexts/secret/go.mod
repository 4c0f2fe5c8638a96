module jettison.example/greeting

go 1.12
