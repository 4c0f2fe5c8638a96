FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o furniture .

FROM scratch
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=builder /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
ENV ZONEINFO=/zoneinfo.zip
COPY --from=builder /app/furniture /furniture
USER 65534
CMD ["/furniture"]
