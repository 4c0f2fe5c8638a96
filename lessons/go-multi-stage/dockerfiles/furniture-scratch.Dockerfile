FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o furniture .

FROM scratch
COPY --from=builder /app/furniture /furniture
CMD ["/furniture"]
