FROM alpine:3.24
CMD ["echo", "Hello from a container"]
