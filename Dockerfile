# The executable for this system, and nothing of what made it.
FROM denoland/deno:2.9.6 AS build
WORKDIR /source
COPY . .
RUN deno task compile

# The runtime inside the executable needs glibc: no Alpine.
FROM debian:bookworm-slim
COPY --from=build /source/stillalive /usr/local/bin/stillalive
# A volume takes over the owner of the folder it is first mounted on.
RUN useradd --system --user-group --uid 10001 --home-dir /data --shell /usr/sbin/nologin stillalive \
  && install --directory --owner=stillalive --group=stillalive --mode=0700 /data
USER stillalive
WORKDIR /data
VOLUME /data
EXPOSE 8000
# By bash alone, for the image has no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/${PORT:-8000} && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
STOPSIGNAL SIGTERM
# With as many descriptors as Docker allows: Docker gives fewer, and a program cannot take more itself.
ENTRYPOINT ["bash", "-c", "ulimit -Sn \"$(ulimit -Hn)\"; exec stillalive \"$@\"", "stillalive"]
