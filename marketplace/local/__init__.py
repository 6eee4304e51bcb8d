"""The project on one machine: embedded PostgreSQL and Valkey, the processes over them, the verbs of ``./market``."""
