FROM golang:1.27-bookworm
WORKDIR /app
COPY . .
RUN go build -o main .
# The toolchain and its cache have done their work.
RUN rm -rf /usr/local/go /root/.cache
EXPOSE 8080
CMD ["/app/main"]
