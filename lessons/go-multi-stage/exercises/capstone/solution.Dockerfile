FROM golang:1.27-bookworm AS builder
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o main .

FROM scratch
COPY --from=builder /app/main /main
USER 65534
EXPOSE 8080
CMD ["/main"]
