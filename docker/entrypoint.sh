#!/bin/sh
# The roles of the image. Each replaces this shell, so that signals reach the process itself.
set -eu
cd /app
verb="${1:-}"
[ "$#" -eq 0 ] || shift
case "$verb" in
web)
    # The connection pool serves this role only: forked workers would share its sockets.
    export DATABASE_POOL="${DATABASE_POOL:-1}"
    exec granian --interface wsgi --host 0.0.0.0 --port "${PORT:-8000}" --no-ws \
        --workers "${WEB_PROCESSES:-2}" --blocking-threads "${WEB_THREADS:-8}" "$@" marketplace.wsgi:application
    ;;
worker)
    # All queues, or those that the first word names.
    queues="${1:-match,default,webhooks}"
    [ "$#" -eq 0 ] || shift
    exec celery -A marketplace.celery worker --queues "$queues" --loglevel "${LOG_LEVEL:-INFO}" \
        --concurrency "${WORKER_CONCURRENCY:-2}" "$@"
    ;;
beat)
    # The schedule file is a cache: losing it makes the next sweep come early, nothing more.
    mkdir -p /tmp/beat
    exec celery -A marketplace.celery beat --schedule /tmp/beat/schedule --pidfile= --loglevel "${LOG_LEVEL:-INFO}" "$@"
    ;;
migrate)
    exec python manage.py migrate --noinput "$@"
    ;;
manage)
    exec python manage.py "$@"
    ;;
*)
    echo "usage: web | worker [QUEUES] | beat | migrate | manage COMMAND …" >&2
    exit 2
    ;;
esac
