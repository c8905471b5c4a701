"""Addresses of the API of plans and collaborations, under v1/."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from campaigns.api.agreements import AgreementViewSet
from campaigns.api.campaigns import CampaignViewSet
from campaigns.api.collaborations import CollaborationViewSet
from campaigns.api.contents import ContentViewSet
from campaigns.api.messages import ConversationViewSet, DoNotContactViewSet, MessageViewSet, TemplateViewSet
from campaigns.api.plans import PlanProductViewSet, PlanViewSet, SeatViewSet
from campaigns.api.problems import ProblemViewSet
from campaigns.api.products import ProductViewSet
from campaigns.api.quotes import QuoteViewSet
from campaigns.api.samples import SampleViewSet
from campaigns.api.settlements import OrderLineViewSet, PayoutViewSet, SettlementViewSet, StatementViewSet

router = SimpleRouter()
router.register("campaigns", CampaignViewSet, basename="api_campaign")
router.register("collaborations", CollaborationViewSet, basename="api_collaboration")
router.register("products", ProductViewSet, basename="api_product")
router.register("conversations", ConversationViewSet, basename="api_conversation")
router.register("messages", MessageViewSet, basename="api_message")
router.register("templates", TemplateViewSet, basename="api_template")
router.register("do-not-contact", DoNotContactViewSet, basename="api_do_not_contact")
router.register("agreements", AgreementViewSet, basename="api_agreement")
router.register("quotes", QuoteViewSet, basename="api_quote")
router.register("problems", ProblemViewSet, basename="api_problem")

router.register("plans", PlanViewSet, basename="api_plan")
router.register("samples", SampleViewSet, basename="api_sample")
router.register("contents", ContentViewSet, basename="api_content")
router.register("settlements", SettlementViewSet, basename="api_settlement")
router.register("statements", StatementViewSet, basename="api_statement")
router.register("payouts", PayoutViewSet, basename="api_payout")
router.register("order-lines", OrderLineViewSet, basename="api_order_line")

seats = SeatViewSet.as_view({"get": "list", "post": "create"})
seat = SeatViewSet.as_view({"delete": "destroy"})
plan_products = PlanProductViewSet.as_view({"get": "list", "post": "create"})
plan_product = PlanProductViewSet.as_view({"patch": "partial_update", "delete": "destroy"})

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("plans/<int:plan_pk>/seats/", seats, name="api_plan_seats"),
    path("plans/<int:plan_pk>/seats/<int:pk>/", seat, name="api_plan_seat"),
    path("plans/<int:plan_pk>/products/", plan_products, name="api_plan_products"),
    path("plans/<int:plan_pk>/products/<int:pk>/", plan_product, name="api_plan_product"),
]
