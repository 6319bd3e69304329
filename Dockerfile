# The service: gunicorn and, under other commands, `migrate` and the publication's worker. docker-compose.yml runs it.
FROM python:3.13-slim

# manage.py takes silence for "a developer's machine"; in here it is production.
ENV QUOTEBASE_MODE=production \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin quotebase
WORKDIR /app

COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore --compile \
    --require-hashes --requirement requirements/run.txt

COPY manage.py ./
COPY quotebase quotebase
COPY quotes quotes
COPY fixtures fixtures
# Settings must be complete even here, where nothing is signed, served or stored: these values end with this line.
RUN QUOTEBASE_SECRET_KEY=unused QUOTEBASE_ALLOWED_HOSTS=unused DATABASE_URL=postgresql://unused \
    QUOTEBASE_CACHE_URL=redis://unused \
    python manage.py collectstatic --noinput --verbosity 0 && python -m compileall -q quotebase quotes

# By number, so that an orchestrator can see that it is not root.
USER 10001
EXPOSE 8000
CMD ["gunicorn", "--config", "quotebase/gunicorn.py"]
