FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -buildmode=pie -o main .

FROM alpine:3.24 AS production
COPY --from=builder /app/main /main
CMD ["/main"]
