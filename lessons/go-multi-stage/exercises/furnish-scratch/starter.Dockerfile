FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o furniture .

FROM scratch
COPY --from=builder ___ /etc/ssl/certs/
COPY --from=builder /usr/local/go/lib/time/zoneinfo.zip /zoneinfo.zip
ENV ZONEINFO=___
COPY --from=builder /app/furniture /furniture
USER ___
CMD ["/furniture"]
