FROM golang:1.27 AS build
COPY --from=ghcr.io/example/protoc:27 /usr/bin/protoc /usr/bin/protoc
RUN --mount=from=busybox:1.37,target=/mnt/busybox \
    --mount=type=cache,target=/root/.cache \
    --mount=type=bind,from=assets,source=/,target=/assets \
    go generate ./...
FROM alpine:3.24 AS assets
FROM scratch
COPY --from=build /app /
COPY --from=1 /etc/ssl /etc/ssl
