# The image of the mailer.
  # An indented comment.

FROM alpine:3.24
RUN apk add \
# flush left
      curl \
	# after a tab
      jq \

      tini
# at the end
