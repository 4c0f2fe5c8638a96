FROM alpine:3.24
RUN ["sh", "-c", "cat <<EOF"]
EXPOSE 80
