# syntax=docker/dockerfile:1
# a comment ends the directives
# escape=`
FROM alpine:3.24
RUN echo one \
    two
