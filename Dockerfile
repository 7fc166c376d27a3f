# The site in a container: no root, nothing written but to /tmp, no secret inside. docs/deploy.md says how to run it.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements-postgres.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-postgres.txt
COPY manage.py .
COPY producerguide producerguide
COPY quiz quiz
COPY templates templates
COPY static static
# With no settings the site is one on this machine only, which needs no key.
RUN python manage.py collectstatic --no-input --verbosity 0 && python -m compileall -q producerguide quiz

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore of the version that compose.yaml runs: `manage.py backup` and `restore` use them.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-15 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin producerguide
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
CMD ["python", "-m", "producerguide.server"]
