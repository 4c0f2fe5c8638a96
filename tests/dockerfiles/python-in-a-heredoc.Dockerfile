FROM python:3.13-slim
RUN <<EOF python3 -
import sys
# from here on, it is Python
print("FROM", sys.version_info[:2])
EOF
WORKDIR /app
