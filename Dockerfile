# The image of web, worker, beat and migrate. Everything that differs between deployments comes from the environment.
FROM python:3.11-slim AS libraries
COPY requirements.lock /tmp/
# One lock file for development and production: what was tested is what runs.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r /tmp/requirements.lock

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    CREATOR_DESK_LOCAL=/var/lib/creator-desk
# The number is fixed, so that volumes keep their owner. A new volume for media takes over the owner of its folder.
RUN useradd --uid 10001 --home-dir /var/lib/creator-desk --create-home --shell /usr/sbin/nologin app \
    && install -d -o app -g app -m 0700 /var/lib/creator-desk/media
COPY --from=libraries /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The key serves these two commands only and is not kept.
RUN SECRET_KEY=collectstatic python manage.py collectstatic --noinput \
    && SECRET_KEY=collectstatic python manage.py compile_messages
USER app
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--access-logfile=-", "--no-control-socket"]
