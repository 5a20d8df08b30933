# One image for all five processes; the arguments choose which: `sip api`, `sip relay`, `sip measures`, `notify api`,
# `notify worker`. Linted (hadolint, tests/checks/test_dockerfile.py), not built: no container engine was at hand.
#
# The base is named by tag. A digest would be better, and belongs here as soon as someone with access to a registry has
# looked it up; one that was never seen cannot be invented. A release names it by itself until then:
#   --build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:...
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /build
# Packages first: they change seldom, and only what is locked by hash comes in.
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements/run.txt \
    && python -m pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY contracts contracts
COPY services services
RUN python -m pip wheel --no-cache-dir --no-build-isolation --no-deps --wheel-dir /dist . \
    && /venv/bin/python -m pip install --no-cache-dir --no-index --no-deps /dist/*.whl \
    && /venv/bin/python -m pip uninstall --yes pip setuptools

FROM ${PYTHON_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Samplan" \
      org.opencontainers.image.description="Coordinated individual plans and fixed care contacts, shared as FHIR R4" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="Samplan" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
COPY --from=build /venv /venv
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000 8001 8003 8004 8005
ENTRYPOINT ["/venv/bin/samplan"]
CMD ["--help"]
