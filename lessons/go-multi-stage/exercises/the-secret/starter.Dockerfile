FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o greeting .

FROM alpine:3.24 AS production
COPY --from=builder /app /app
RUN rm /app/.env
CMD ["/app/greeting"]
