#!/bin/sh
# Runs once, when the database volume is new. The image's own user is a superuser, for whom row-level security is
# silently off; the application therefore gets a role that is not.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$APP_PASSWORD" <<'SQL'
CREATE ROLE app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE celula OWNER app TEMPLATE template0;
SQL
