from django.urls import URLPattern, path

from campaigns.views import plan_products, plans, seats

urlpatterns: list[URLPattern] = [
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/new/", plans.plan_create, name="plan_create"),
    path("plans/add/", seats.plan_bulk_add, name="plan_bulk_add"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/start/", plans.plan_start, name="plan_start"),
    path("plans/<int:pk>/close/", plans.plan_close, name="plan_close"),
    path("plans/<int:pk>/archive/", plans.plan_archive, name="plan_archive"),
    path("plans/<int:pk>/duplicate/", plans.plan_duplicate, name="plan_duplicate"),
    path("plans/<int:pk>/export/", plans.plan_export, name="plan_export"),
    path("plans/<int:pk>/add/", seats.plan_add_creators, name="plan_add_creators"),
    path("plans/<int:pk>/products/", plan_products.plan_products, name="plan_products"),
    path("plans/<int:pk>/products/<int:line_pk>/commission/", plan_products.plan_commission, name="plan_commission"),
    path(
        "plans/<int:pk>/products/<int:line_pk>/remove/", plan_products.plan_product_remove, name="plan_product_remove"
    ),
]
