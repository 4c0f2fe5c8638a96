FROM alpine:3.24
COPY <<EOF /empty
EOF
RUN test ! -s /empty
