FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -o main .

FROM alpine:3.24 AS production
COPY --from=builder /app/main /main
USER nobody
CMD ["/main"]
