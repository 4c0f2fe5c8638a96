FROM debian:bookworm-slim AS template
RUN cat <<'EOF' > /Dockerfile.next
FROM scratch
COPY --from=nowhere / /
ENTRYPOINT ["/none"]
EOF
FROM template
USER 1000
