from django.urls import URLPattern, path

from campaigns.views import acknowledgements, agreements, quotes

urlpatterns: list[URLPattern] = [
    path("collaborations/<int:pk>/agreement/", agreements.agreement_edit, name="agreement_edit"),
    path("collaborations/<int:pk>/agreement/pdf/", agreements.agreement_pdf, name="agreement_pdf"),
    path("collaborations/<int:pk>/quotes/new/", quotes.quote_create, name="quote_create"),
    path("collaborations/<int:pk>/quotes/<int:quote_pk>/remove/", quotes.quote_remove, name="quote_remove"),
    path("c/<str:token>/terms/", acknowledgements.creator_terms, name="creator_terms"),
    path("c/<str:token>/terms/<int:pk>/agree/", acknowledgements.creator_terms_agree, name="creator_terms_agree"),
    path("c/<str:token>/terms/<int:pk>/pdf/", acknowledgements.creator_terms_pdf, name="creator_terms_pdf"),
]
