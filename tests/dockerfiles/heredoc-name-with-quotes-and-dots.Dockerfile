FROM alpine:3.24
COPY <<"app.toml" <<'a b' /etc/
[server]
port = 8080
app.toml
spaces in the name
a b
RUN true
