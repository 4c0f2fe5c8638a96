# escape=`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
SHELL ["cmd", "/S", "/C"]
WORKDIR C:\app
COPY bin\service.exe C:\app\
RUN mkdir C:\logs && `
    # where the service writes to
    echo ready > C:\logs\state.txt
ENV PATH="C:\app;%PATH%" NAME=two` words
CMD C:\app\service.exe
