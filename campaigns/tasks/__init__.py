"""Tasks by noun; Celery finds them here."""
