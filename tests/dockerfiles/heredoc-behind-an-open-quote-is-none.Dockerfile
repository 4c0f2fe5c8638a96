FROM alpine:3.24
RUN echo it's <<EOF
EXPOSE 80
