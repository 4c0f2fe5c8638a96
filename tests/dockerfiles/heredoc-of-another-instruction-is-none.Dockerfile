FROM alpine:3.24
LABEL usage="cat <<EOF"
CMD cat <<EOF
ENV NOTE="<<EOF"
