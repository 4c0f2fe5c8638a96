FROM alpine:3.24 AS files
FROM alpine:3.24
COPY --from=files --chown="app:app" --link --parents ./a ./b /srv/
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/a.txt /
RUN --network=none --security='sandbox' -- --not-a-flag
HEALTHCHECK --interval=5s --timeout=2s --retries=3 CMD ["wget", "-qO-", "http://localhost/healthz"]
HEALTHCHECK --start-period=1m  CMD curl -f http://localhost/ || exit 1
HEALTHCHECK NONE
