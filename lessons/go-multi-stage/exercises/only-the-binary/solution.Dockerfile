# Compile
FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o main .

# Hand over, and run
FROM alpine:3.24
COPY --from=builder /app/main /main
CMD ["/main"]
