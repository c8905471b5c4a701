"""What the API takes and says about collaborations."""

from typing import Any

from rest_framework import serializers

from campaigns.filters.collaborations import DUES, ORDERS, SCOPES
from campaigns.models import Collaboration, CollaborationMove
from campaigns.selectors.collaborations import CollaborationRow
from campaigns.services.collaborations import moves_open_to
from campaigns.states.collaborations import CollaborationState

MONEY: dict[str, Any] = {"max_digits": 24, "decimal_places": 6, "allow_null": True}


class CollaborationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    plan = serializers.IntegerField()
    creator = serializers.IntegerField()
    handle = serializers.CharField()
    market = serializers.CharField()
    owner = serializers.CharField()
    state = serializers.ChoiceField(choices=CollaborationState.choices)
    state_at = serializers.DateTimeField(help_text="Since when it is in its state.")
    due_at = serializers.DateTimeField(allow_null=True, help_text="When the next step is due.")
    is_overdue = serializers.BooleanField()
    held_state = serializers.CharField(allow_blank=True, help_text="On hold: the state it goes back to.")
    reason = serializers.CharField(allow_blank=True)
    next_step = serializers.CharField(help_text="In the language of the request.")
    invited_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    works_published = serializers.IntegerField()
    works_wanted = serializers.IntegerField()
    currency = serializers.CharField()
    sample_cost = serializers.DecimalField(**MONEY)
    gmv_net = serializers.DecimalField(**MONEY, help_text="Less refunds; null: nobody has said yet.")


class MoveSerializer(serializers.Serializer):
    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField()
    by = serializers.CharField(allow_null=True, help_text="Null: the clock.")
    at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)


class TransitionsSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=CollaborationState.choices)
    open = serializers.ListField(child=serializers.CharField(), help_text="States it may be moved to now.")
    history = MoveSerializer(many=True)


class TransitionInputSerializer(serializers.Serializer):
    to = serializers.CharField(max_length=20, help_text="One of `open`.")
    reason = serializers.CharField(max_length=1_000, allow_blank=True, default="")


class CollaborationFilterSerializer(serializers.Serializer):
    """The parameters of the list, as on the page; what cannot be read is answered with 400."""

    shop = serializers.IntegerField(required=False)
    campaign = serializers.IntegerField(required=False)
    plan = serializers.IntegerField(required=False)
    owner = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(
        choices=[*SCOPES, *CollaborationState.values], required=False, help_text="Open ones without it."
    )
    due = serializers.ChoiceField(choices=list(DUES), required=False)
    q = serializers.CharField(required=False, help_text="A part of the handle.")
    ordering = serializers.ChoiceField(choices=[sign + name for name in ORDERS for sign in ("", "-")], required=False)
    cursor = serializers.CharField(required=False, help_text="`next` or `previous` of another page.")
    rows = serializers.ChoiceField(choices=["25", "50", "100"], required=False)


class CollaborationPageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True, help_text="The cursor of the next page.")
    previous = serializers.CharField(allow_null=True)
    count = serializers.IntegerField(help_text="How many pass the filters.")
    results = CollaborationSerializer(many=True)


def collaboration_output(row: CollaborationRow) -> dict[str, Any]:
    one = row.collaboration
    own = ("id", "state", "state_at", "due_at", "held_state", "reason", "invited_at", "accepted_at", "published_at")
    values: dict[str, Any] = {name: getattr(one, name) for name in own} | {
        "ended_at": one.ended_at, "shop": one.shop_id, "plan": one.plan_id, "creator": one.creator_id,
        "handle": row.creator.handle, "market": row.creator.market_id, "owner": str(one.owner),
        "is_overdue": row.is_overdue, "next_step": row.step_text, "works_published": row.works_done,
        "works_wanted": row.works_wanted, "currency": row.currency, "sample_cost": row.sample_cost,
        "gmv_net": row.gmv_net,
    }  # fmt: skip
    return dict(CollaborationSerializer(values).data)


def transitions_output(one: Collaboration, moves: list[CollaborationMove]) -> dict[str, Any]:
    history = [
        {"from_state": move.from_state, "to_state": move.to_state, "by": str(move.by) if move.by else None,
         "at": move.at, "reason": move.reason}
        for move in moves
    ]  # fmt: skip
    open_to = [to.value for to in moves_open_to(one)]
    return dict(TransitionsSerializer({"state": one.state, "open": open_to, "history": history}).data)
