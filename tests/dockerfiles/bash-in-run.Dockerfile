FROM ubuntu:24.04
SHELL ["/bin/bash", "-c"]
RUN while read -r name; do echo "$name"; done < <(ls /) \
 && diff <(echo a) <(echo b) || true; \
    x=$((2<<4)); echo "${x:0:1}" "${PATH#*:}" '$literal' `hostname`; \
    mapfile -t lines <<<"$(cat /etc/passwd)"; \
    case "$x" in (32) echo yes;; esac
