"""Addresses of the ledger, rule books, appeals, the blacklist and the creator's own page.

Each part names its own in its module; the order decides nothing.
"""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
