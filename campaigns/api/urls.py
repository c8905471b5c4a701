"""Addresses of the API of plans and collaborations, under v1/."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from campaigns.api.agreements import AgreementViewSet
from campaigns.api.collaborations import CollaborationViewSet
from campaigns.api.messages import ConversationViewSet, DoNotContactViewSet, MessageViewSet, TemplateViewSet
from campaigns.api.problems import ProblemViewSet
from campaigns.api.products import ProductViewSet
from campaigns.api.quotes import QuoteViewSet

router = SimpleRouter()
router.register("collaborations", CollaborationViewSet, basename="api_collaboration")
router.register("products", ProductViewSet, basename="api_product")
router.register("conversations", ConversationViewSet, basename="api_conversation")
router.register("messages", MessageViewSet, basename="api_message")
router.register("templates", TemplateViewSet, basename="api_template")
router.register("do-not-contact", DoNotContactViewSet, basename="api_do_not_contact")
router.register("agreements", AgreementViewSet, basename="api_agreement")
router.register("quotes", QuoteViewSet, basename="api_quote")
router.register("problems", ProblemViewSet, basename="api_problem")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
