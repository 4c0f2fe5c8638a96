FROM alpine:3.24
RUN echo "open
ENV A="open
LABEL a='b c=d
CMD echo ${OPEN
