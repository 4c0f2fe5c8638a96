ARG VERSION=1.4.2

FROM golang:1.27-bookworm AS builder
ARG VERSION
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -ldflags "-X main.version=$VERSION" -o main .

FROM alpine:3.24 AS production
COPY --from=builder /app/main /main
CMD ["/main"]
