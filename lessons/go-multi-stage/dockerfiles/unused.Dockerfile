FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o main .

# Nothing below copies from this stage.
FROM builder AS tests
RUN go vet ./... && echo "the stage tests ran"

FROM alpine:3.24 AS production
COPY --from=builder /app/main /main
CMD ["/main"]
