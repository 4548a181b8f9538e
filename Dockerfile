# One image for all roles: docker run contextflow api | worker | migrate | cli <command>. docs/containers.md tells more.
# For builds that always give the same, name the base by its digest: --build-arg NODE_IMAGE=node:24-slim@sha256:…
ARG NODE_IMAGE=node:24-slim

# --- every package, to build and to test ---
FROM ${NODE_IMAGE} AS deps
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci

# --- the packages that run ---
FROM ${NODE_IMAGE} AS production-deps
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev

# --- the apps without their tests, compiled and bundled ---
FROM deps AS build
COPY tsconfig.json ./
COPY deploy/tsconfig.json deploy/
COPY scripts scripts
COPY apps apps
COPY libs libs
RUN node_modules/.bin/tsc -p deploy/tsconfig.json && node scripts/bundle.mjs

# --- npm test, with servers of its own inside ---
FROM ${NODE_IMAGE} AS test
RUN apt-get update \
  && apt-get install -y --no-install-recommends rabbitmq-server \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o 1000 -g 1000 /app
# Postgres refuses to run as root.
USER 1000:1000
WORKDIR /app
COPY --chown=1000:1000 package.json package-lock.json .npmrc ./
COPY --chown=1000:1000 scripts scripts
# As npm test would, so that it finds its packages in place.
RUN node --input-type=module -e "await (await import('./scripts/lib/install.mjs')).ensureInstalled()"
COPY --chown=1000:1000 . .
CMD ["npm", "test"]

# --- what runs ---
FROM ${NODE_IMAGE} AS runtime
LABEL org.opencontainers.image.title="ContextFlow" \
  org.opencontainers.image.description="API, worker and migrations of ContextFlow" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 WORKER_HEALTH_PORT=8101
WORKDIR /app
COPY --from=production-deps /app/node_modules node_modules
COPY --from=build /app/dist/bundle dist/bundle
COPY package.json ./
COPY deploy/healthy.mjs deploy/
COPY --chmod=755 deploy/contextflow /usr/local/bin/contextflow
# By number, so that an orchestrator can see that it is not root. Nothing in the image is writable to it.
USER 1000:1000
EXPOSE 8000 8101
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s --retries=3 CMD ["contextflow", "healthy"]
ENTRYPOINT ["contextflow"]
CMD ["api"]
