FROM golang:1.27 AS parent
ONBUILD COPY . /src
ONBUILD RUN <<EOF
cd /src
go build -o /app .
EOF
FROM parent
RUN /app --version
