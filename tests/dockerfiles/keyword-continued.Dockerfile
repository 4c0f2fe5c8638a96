FROM alpine:3.24
RU\
N echo split
E\
NV A=\
1
