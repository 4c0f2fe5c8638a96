#Syntax = docker/dockerfile:1.7-labs
#  ESCAPE =  `
FROM alpine:3.24
RUN echo one `
    two
