FROM alpine:3.24
 RUN echo x  y
CMDtrue
ENV A=　 B=é
