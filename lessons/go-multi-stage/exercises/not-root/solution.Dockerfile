FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o main .

FROM alpine:3.24 AS production
COPY --from=builder --chown=nobody /app/main /srv/main
USER nobody
CMD ["/srv/main"]
