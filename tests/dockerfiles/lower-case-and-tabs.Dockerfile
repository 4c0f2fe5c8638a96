from	alpine:3.24	as	base
run	echo one
	Copy	--chmod=0755	entry.sh	/entry.sh
from base
entrypoint	/entry.sh
