ARG FLAVOUR=prod
FROM alpine:3.24 AS base
RUN apk add --no-cache tzdata
FROM base AS flavour-dev
RUN apk add --no-cache strace
FROM base AS flavour-prod
FROM flavour-${FLAVOUR} AS final
COPY app /usr/bin/
