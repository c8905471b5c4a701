"""What the API takes and says about shortlists."""

from typing import Any

from rest_framework import serializers

from accounts.models import Shop
from creators.models import Shortlist, ShortlistEntry
from creators.states import Visibility

CREATORS_MAX = 1_000
KEY_MAX = 2**63 - 1


class ShortlistSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    shop = serializers.IntegerField(help_text="The key of the shop.")
    shop_name = serializers.CharField()
    name = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    owner = serializers.CharField(help_text="The name of the owner.")
    size = serializers.IntegerField(help_text="How many creators are on it.")
    created_at = serializers.DateTimeField()


class ShortlistUpdateSerializer(serializers.Serializer):
    """What can be changed of a list; what is not given stays."""

    name = serializers.CharField(max_length=120, required=False)
    note = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)


class ShortlistInputSerializer(serializers.Serializer):
    """A new list of one of your shops."""

    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())
    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=2_000, allow_blank=True, default="")
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.SHOP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            shop: Any = self.fields["shop"]
            shop.queryset = Shop.objects.visible_to(self.context["request"].user).active()


class EntrySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    creator = serializers.IntegerField(help_text="The key of the creator; see creators/{id}/.")
    market = serializers.CharField()
    handle = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()


class EntryInputSerializer(serializers.Serializer):
    """One creator, or up to a thousand; unknown keys are left out."""

    creator = serializers.IntegerField(min_value=1, max_value=KEY_MAX, required=False)
    creators = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=KEY_MAX), max_length=CREATORS_MAX, required=False
    )
    note = serializers.CharField(max_length=2_000, allow_blank=True, default="")

    def creator_ids(self) -> list[int]:
        """The keys given either way."""
        one = self.validated_data.get("creator")
        return [*self.validated_data.get("creators", []), *([one] if one else [])]


class EntryUpdateSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2_000, allow_blank=True)


class AddResultSerializer(serializers.Serializer):
    added = serializers.IntegerField()
    already = serializers.IntegerField(help_text="How many of them were on the list before.")


def shortlist_output(shortlist: Shortlist) -> dict[str, Any]:
    """A list, read with its size, as `ShortlistSerializer` declares it."""
    return {
        "id": shortlist.pk,
        "shop": shortlist.shop_id,
        "shop_name": shortlist.shop.name,
        "name": shortlist.name,
        "note": shortlist.note,
        "visibility": shortlist.visibility,
        "owner": str(shortlist.owner),
        "size": getattr(shortlist, "size", 0),
        "created_at": shortlist.created_at,
    }


def entry_output(entry: ShortlistEntry) -> dict[str, Any]:
    """An entry, read with its creator, as `EntrySerializer` declares it."""
    return {
        "id": entry.pk,
        "creator": entry.creator_id,
        "market": entry.creator.market_id,
        "handle": entry.creator.handle,
        "note": entry.note,
        "added_by": str(entry.added_by),
        "added_at": entry.added_at,
    }
