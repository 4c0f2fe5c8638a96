# syntax=docker/dockerfile:1
ARG GO_VERSION=1.27
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-bookworm AS build
WORKDIR /src
RUN --mount=type=bind,source=go.mod,target=go.mod \
    --mount=type=bind,source=go.sum,target=go.sum \
    --mount=type=cache,target=/go/pkg/mod \
    go mod download -x
ARG TARGETOS TARGETARCH
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build <<'SCRIPT'
set -e
export CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH
go build -trimpath -ldflags "-s -w" -o /out/weather ./cmd/weather
SCRIPT

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build --chown=65532:65532 /out/weather /usr/bin/weather
EXPOSE 8080/tcp
ENTRYPOINT ["/usr/bin/weather", "--listen", ":8080"]
