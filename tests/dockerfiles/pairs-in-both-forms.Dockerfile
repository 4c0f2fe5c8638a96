FROM alpine:3.24
ENV GREETING hello   world
ENV A=1 B="two words" C='single $A' D=back\ slash E=
ENV PATH=/opt/bin:$PATH \
    LANG=C.UTF-8
LABEL org.opencontainers.image.title="Mailer" \
      org.opencontainers.image.description="sends \"mail\""
LABEL "with space"=x plain=y
ARG VERSION=1.2.3 COMMIT
ARG QUOTED="a b"
ARG
