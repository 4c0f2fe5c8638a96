FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN go mod download
RUN CGO_ENABLED=0 go build -o main .

FROM alpine:3.24 AS production
COPY --from=builder /app/main /main
CMD ["/main"]
