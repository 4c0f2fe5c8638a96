FROM alpine:3.24
INCLUDE common.docker
RUNN echo typo
CMD true
MAINTAINER   Ada  <ada@example.org>
STOPSIGNAL SIGQUIT
USER 1000:1000
