from django.urls import URLPattern, path

from campaigns.views import product_imports, products

urlpatterns: list[URLPattern] = [
    path("products/", products.product_list, name="product_list"),
    path("products/export/", products.product_export, name="product_export"),
    path("products/new/", products.product_create, name="product_create"),
    path("products/import/", product_imports.product_import, name="product_import"),
    path("products/imports/<int:pk>/", product_imports.product_import_detail, name="product_import_detail"),
    path("products/imports/<int:pk>/columns/", product_imports.product_import_columns, name="product_import_columns"),
    path("products/imports/<int:pk>/cancel/", product_imports.product_import_cancel, name="product_import_cancel"),
    path("products/imports/<int:pk>/refused/", product_imports.product_import_refused, name="product_import_refused"),
    path("products/<int:pk>/", products.product_detail, name="product_detail"),
    path("products/<int:pk>/edit/", products.product_edit, name="product_edit"),
    path("products/<int:pk>/move/", products.product_move, name="product_move"),
    path("products/<int:pk>/stock/", products.product_stock, name="product_stock"),
]
