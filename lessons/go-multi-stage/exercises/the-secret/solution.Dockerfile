FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY go.mod main.go ./
RUN CGO_ENABLED=0 go build -o greeting .

FROM alpine:3.24 AS production
COPY --from=builder /app/greeting /app/
COPY greeting.txt /app/
CMD ["/app/greeting"]
