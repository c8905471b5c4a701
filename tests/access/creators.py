"""Addresses of the directory, shortlists, imports and their API."""

from tests.access.people import (
    LISTING,
    OWNED,
    RESOLVING,
    STRANGE,
    WORKING,
    Row,
    only,
    signed_in,
)

CREATORS = [
    Row("creator_list", get=signed_in(200)),
    Row("creator_facets", get=signed_in(200)),
    Row("creator_detail", ("creator",), get=signed_in(200)),
    Row("creator_drawer", ("creator",), get=signed_in(200)),
    Row("creator_edit", ("creator",), get=only(*WORKING), post=only(*WORKING)),
    Row("creator_link", ("creator",), get=only(*WORKING), post=only(*WORKING)),
    # Nobody is linked.
    Row("creator_unlink", ("creator",), post=only(*WORKING, status=400)),
    Row("metric_list", get=signed_in(200)),
]
SHORTLISTS = [
    Row("shortlist_list", get=signed_in(200)),
    Row("shortlist_create", get=only(*LISTING), post=only(*LISTING)),
    Row("shortlist_bulk_add", get=only(*LISTING), post=only(*LISTING, status=422)),
    Row("shortlist_detail", ("shortlist",), get=signed_in(200) | STRANGE),
    # Private to the seller.
    Row("shortlist_detail", ("private",), get=signed_in(404) | {"seller": 200}),
    Row("shortlist_edit", ("shortlist",), get=only(*LISTING) | STRANGE, post=only(*LISTING) | STRANGE),
    # Only the owner and admins delete a list.
    Row("shortlist_delete", ("shortlist",), get=only(*LISTING) | STRANGE, post=signed_in(403) | OWNED | STRANGE),
    Row("shortlist_export", ("shortlist",), get=only(*WORKING) | STRANGE),
    Row("entries_remove", ("shortlist",), post=only(*LISTING, status=302) | STRANGE),
    Row("entries_move", ("shortlist",), post=only(*LISTING, status=400) | STRANGE),
    Row("entries_copy", ("shortlist",), post=only(*LISTING, status=400) | STRANGE),
    Row("entry_note", ("shortlist", "entry"), post=only(*LISTING, status=302) | STRANGE),
    Row("creator_compare", get=signed_in(200)),
    Row("creator_export", get=only(*WORKING)),
]
IMPORTS = [
    Row("import_list", get=signed_in(200)),
    Row("import_create", get=only(*WORKING), post=only(*WORKING)),
    # A draft shows its preview to those who may run it; the import is the shop's.
    Row("import_detail", ("import",), get=signed_in(302) | {"viewer": 200} | STRANGE),
    Row("import_preview", ("import",), get=only(*WORKING) | STRANGE, post=only(*WORKING) | STRANGE),
    Row("import_cancel", ("import",), post=only(*WORKING, status=409) | STRANGE),
    Row("import_undo", ("import",), get=only(*WORKING) | STRANGE),
    Row("import_failures", ("import",), get=signed_in(200) | STRANGE),
    Row("conflict_resolve", ("import", "conflict"), get=only(*RESOLVING), post=only(*RESOLVING)),
]
REFERENCE = [
    Row("rate_list", get=only("admin"), post=only("admin")),
    Row("alias_list", get=only("admin"), post=only("admin")),
    Row("alias_delete", ("alias",), post=only("admin", status=302)),
]
API = [
    Row("api_creator-list", get=signed_in(200, anonymous=401)),
    Row("api_creator-detail", ("creator",), get=signed_in(200, anonymous=401)),
    Row("api_import-list", get=signed_in(200, anonymous=401), post=only(*WORKING, status=400, anonymous=401)),
    Row("api_import-detail", ("import",), get=signed_in(200, anonymous=401) | STRANGE),
    # The draft has no market yet.
    Row("api_import-start", ("import",), post=only(*WORKING, status=400, anonymous=401) | STRANGE),
    Row("api_import-cancel", ("import",), post=only(*WORKING, status=409, anonymous=401) | STRANGE),
    Row("api_import-undo", ("import",), post=only(*WORKING, status=409, anonymous=401) | STRANGE),
    Row("api_import-failures", ("import",), get=signed_in(200, anonymous=401) | STRANGE),
    Row("api_shortlist-list", get=signed_in(200, anonymous=401), post=only(*LISTING, status=400, anonymous=401)),
    Row(
        "api_shortlist-detail",
        ("shortlist",),
        get=signed_in(200, anonymous=401) | STRANGE,
        patch=only(*LISTING, anonymous=401) | STRANGE,
        delete=signed_in(403, anonymous=401) | {"seller": 204, "admin": 204} | STRANGE,
    ),
    Row(
        "api_entry-list",
        ("shortlist",),
        get=signed_in(200, anonymous=401) | STRANGE,
        post=only(*LISTING, status=400, anonymous=401) | STRANGE,
    ),
    Row(
        "api_entry-detail",
        ("shortlist", "entry"),
        patch=only(*LISTING, status=400, anonymous=401) | STRANGE,
        delete=only(*LISTING, status=204, anonymous=401) | STRANGE,
    ),
    Row("api_metric-list", get=signed_in(200, anonymous=401)),
    Row("api_schema", get=signed_in(200, anonymous=401)),
    Row("api_docs", get=signed_in(200)),
]

ROWS = [*CREATORS, *SHORTLISTS, *IMPORTS, *REFERENCE, *API]
