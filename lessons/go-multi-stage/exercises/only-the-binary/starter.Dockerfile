# Compile
FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o main .

# Hand over, and run
FROM ___
COPY --from=___ ___ /main
CMD ["/main"]
