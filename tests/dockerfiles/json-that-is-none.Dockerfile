FROM alpine:3.24
CMD ['single', 'quotes']
ENTRYPOINT ["trailing",]
RUN [ -f /etc/os-release ] && echo there
RUN [[ "$A" == "b" ]]
SHELL ["/bin/ash", "-eo", "pipefail", "-c"]
VOLUME ["/data", "/var/log"]
VOLUME /cache /tmp
COPY ["a file", "/with space/"]
ADD [ "x" , "y" ]
CMD []
