# The site without root, read-only except /tmp, with no secret inside. docs/deploy.md says how to run it.
FROM python:3.11-slim AS build
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
# Without SITE_URL no SECRET_KEY is needed.
RUN python manage.py collectstatic --no-input --verbosity 0 && python -m compileall -q producerguide quiz

FROM python:3.11-slim
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
