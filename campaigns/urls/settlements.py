from django.urls import URLPattern, URLResolver, path

from campaigns.views import orders, payouts, settlements, statements

urlpatterns: list[URLPattern | URLResolver] = [
    path("settlements/", settlements.settlement_list, name="settlement_list"),
    path("settlements/export/", settlements.settlement_export, name="settlement_export"),
    path("settlements/approve/", settlements.settlement_approve, name="settlement_approve"),
    path("settlements/refresh/", settlements.settlement_refresh, name="settlement_refresh"),
    path("settlements/limit/", settlements.settlement_limit, name="settlement_limit"),
    path("settlements/<int:pk>/", settlements.settlement_detail, name="settlement_detail"),
    path("settlements/<int:pk>/act/", settlements.settlement_act, name="settlement_act"),
    path("collaborations/<int:pk>/settlement/new/", settlements.settlement_create, name="settlement_create"),
    path("settlements/statements/", statements.statement_list, name="statement_list"),
    path("settlements/statements/new/", statements.statement_create, name="statement_create"),
    path(
        "settlements/statements/new/<int:shop_pk>/<int:creator_pk>/<str:month>/<str:currency>/",
        statements.statement_preview,
        name="statement_preview",
    ),
    path("settlements/statements/<int:pk>/", statements.statement_detail, name="statement_detail"),
    path("settlements/statements/<int:pk>/file/", statements.statement_download, name="statement_download"),
    path("settlements/payouts/", payouts.payout_list, name="payout_list"),
    path("settlements/payouts/new/", payouts.payout_create, name="payout_create"),
    path("settlements/payouts/<int:pk>/", payouts.payout_detail, name="payout_detail"),
    path("settlements/payouts/<int:pk>/file/", payouts.payout_file, name="payout_file"),
    path("settlements/payouts/<int:pk>/pay/", payouts.payout_pay, name="payout_pay"),
    path("settlements/payouts/<int:pk>/discard/", payouts.payout_discard, name="payout_discard"),
    path("settlements/orders/", orders.order_line_list, name="order_line_list"),
    path("settlements/orders/import/", orders.order_import, name="order_import"),
    path("settlements/orders/import/<int:pk>/", orders.order_import_detail, name="order_import_detail"),
    path("settlements/orders/import/<int:pk>/start/", orders.order_import_start, name="order_import_start"),
    path("settlements/orders/import/<int:pk>/cancel/", orders.order_import_cancel, name="order_import_cancel"),
    path("settlements/orders/import/<int:pk>/failures/", orders.order_import_failures, name="order_import_failures"),
]
