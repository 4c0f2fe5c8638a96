FROM alpine:3.24
RUN <<-EOF
	if true; then
		echo indented
	fi
	EOF
COPY <<-EOF /etc/motd
		two tabs
  two spaces
EOF
CMD ["cat", "/etc/motd"]
