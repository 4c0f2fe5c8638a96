FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o main .

FROM alpine:3.24 AS production
# Everything that the builder has in its folder, as in 2019.
COPY --from=builder /app .
CMD ["./main"]
