"""The schema's history, one set for SQLite and PostgreSQL."""
