FROM busybox
RUN <<ONE cat - /dev/fd/3 3<<TWO > /both
first
ONE
second
TWO
COPY <<-alpha.conf <<"beta.conf" /etc/notes/
	# kept: these lines are data
	RUN not an instruction
	alpha.conf
$HOME stays as it is
beta.conf
RUN ls /etc/notes
