FROM golang:1.11 as build-env
ADD . /go/src/shop
RUN cd /go/src/shop && go get -v ./... && go build -o /shop

FROM alpine
RUN apk add --no-cache ca-certificates
COPY --from=build-env /shop /usr/local/bin/
CMD shop --port 9000
