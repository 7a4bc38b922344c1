# Postern's image: the compiled gateway and its production dependencies, nothing that builds or tests.
#   docker build -t postern . && docker run --env-file .env -p 127.0.0.1:4000:4000 postern

# One place for those who pin a digest. All stages share it: what is compiled in one runs in another.
ARG NODE_IMAGE=node:24-trixie-slim

# JavaScript is the same everywhere: compiled once, on the builder's own architecture.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages packages
# Without install scripts: they bring a second Node and test servers, which compiling does not need.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json .bundle.js ./
COPY migrations migrations
COPY src src
RUN npm run build


FROM ${NODE_IMAGE} AS dependencies
ARG TARGETARCH
WORKDIR /app
RUN if [ "$TARGETARCH" = amd64 ]; then \
      apt-get update \
      && apt-get install -y --no-install-recommends g++ make python3 \
      && rm -rf /var/lib/apt/lists/*; \
    fi
COPY package.json package-lock.json ./
# The packages for clients and services (packages/) are not part of the image.
RUN npm pkg delete workspaces
# Without install scripts: the only one that matters is argon2's, which has a binary for every platform and is next.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# The binary that comes with argon2 does without AVX2; this one hashes 1.7 to 2 times as fast and is preferred when it is
# there. It needs a processor from 2015 or newer (x86-64-v3): on an older one, or an emulated one, run the container with
# PREBUILDS_ONLY=1, which goes back to the one that came along.
# nodedir: the headers are in the image, so that node-gyp need not download them.
RUN if [ "$TARGETARCH" = amd64 ]; then \
      npm_package_config_node_gyp_nodedir=/usr/local npm run build:argon2 \
      && test -x node_modules/argon2/build/Release/argon2.node; \
    fi


FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Postern" \
      org.opencontainers.image.description="The GraphQL authentication gateway" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
# All of it belongs to root: the gateway can read its own code and not change it.
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/bundle dist/bundle
COPY --from=build /app/dist/pages dist/pages
COPY --chmod=644 package.json LICENSE ./
# The image's user "node", as a number: Kubernetes' runAsNonRoot does not look names up.
USER 1000:1000
EXPOSE 4000
STOPSIGNAL SIGTERM
# Is it alive, not: is it ready? Swarm and its like restart what is unhealthy, and a restart of the gateway does not mend
# a database that is down. Load balancers ask /readyz, and so does docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm in between: signals arrive.
ENTRYPOINT ["node", "dist/bundle/main.js"]
CMD ["serve"]
