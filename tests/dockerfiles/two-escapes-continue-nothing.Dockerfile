FROM alpine:3.24
RUN echo C:\\
RUN echo next \  
    line
