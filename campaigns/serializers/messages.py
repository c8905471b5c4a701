"""What the API takes and says about conversations, messages, templates and who wants no contact."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.models import Shop
from campaigns.forms.outreach import BODY_MAX
from campaigns.models import Collaboration, Conversation, DoNotContact, Message, MessageTemplate
from campaigns.rules.variables import LANGUAGES
from campaigns.states.outreach import Channel, Direction, MessageState, TemplateStage
from core.models import StoredFile
from creators.models import Creator


class ConversationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    creator = serializers.IntegerField()
    handle = serializers.CharField()
    connected_at = serializers.DateTimeField(allow_null=True, help_text="Replied or accepted; no quota counts it then.")
    first_out_at = serializers.DateTimeField(allow_null=True)
    first_reply_at = serializers.DateTimeField(allow_null=True)
    last_out_at = serializers.DateTimeField(allow_null=True)
    last_in_at = serializers.DateTimeField(allow_null=True)
    unanswered = serializers.IntegerField(help_text="Messages since the last reply; at most 5 unless `is_exempt`.")
    is_exempt = serializers.BooleanField()


class MessageSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    conversation = serializers.IntegerField()
    collaboration = serializers.IntegerField(allow_null=True)
    direction = serializers.ChoiceField(choices=Direction.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    state = serializers.ChoiceField(choices=MessageState.choices)
    language = serializers.CharField(allow_blank=True)
    subject = serializers.CharField(allow_blank=True)
    body = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_null=True, help_text="Null: it came in by mail.")
    created_at = serializers.DateTimeField()
    at = serializers.DateTimeField(allow_null=True, help_text="When it was sent or came in.")
    error = serializers.CharField(allow_blank=True)


class MessageInputSerializer(serializers.Serializer):
    """A message to one creator, its variables filled; an invitation moves its collaboration to `invited`."""

    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())
    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    collaboration = serializers.PrimaryKeyRelatedField(
        queryset=Collaboration.objects.none(), allow_null=True, default=None
    )
    channel = serializers.ChoiceField(choices=Channel.choices)
    stage = serializers.ChoiceField(choices=TemplateStage.choices, default=TemplateStage.OTHER)
    subject = serializers.CharField(max_length=200, allow_blank=True, default="")
    body = serializers.CharField(max_length=BODY_MAX)
    address = serializers.EmailField(allow_blank=True, default="", help_text="For an e-mail.")
    language = serializers.CharField(max_length=10, allow_blank=True, default="")
    files = serializers.PrimaryKeyRelatedField(
        queryset=StoredFile.objects.none(), many=True, default=list, help_text="Keys of files that you uploaded before."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" not in self.context:
            return
        user = self.context["request"].user
        fields: Any = self.fields
        fields["shop"].queryset = Shop.objects.visible_to(user).active()
        fields["creator"].queryset = Creator.objects.visible_to(user)
        fields["collaboration"].queryset = Collaboration.objects.visible_to(user)
        mine = StoredFile.objects.filter(uploaded_by=user, expires_at__gt=timezone.now())
        fields["files"].child_relation.queryset = mine


class ReplyInputSerializer(serializers.Serializer):
    """What a creator wrote somewhere else."""

    body = serializers.CharField(max_length=BODY_MAX)
    channel = serializers.ChoiceField(choices=Channel.choices)
    received_at = serializers.DateTimeField()


class TemplateSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    shop = serializers.IntegerField()
    name = serializers.CharField()
    stage = serializers.ChoiceField(choices=TemplateStage.choices)
    language = serializers.ChoiceField(choices=LANGUAGES)
    subject = serializers.CharField(allow_blank=True)
    body = serializers.CharField()


class TemplateInputSerializer(serializers.Serializer):
    """The same name in another language is the text's translation."""

    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none())
    name = serializers.CharField(max_length=120)
    stage = serializers.ChoiceField(choices=TemplateStage.choices)
    language = serializers.ChoiceField(choices=LANGUAGES)
    subject = serializers.CharField(max_length=200, allow_blank=True, default="")
    body = serializers.CharField(max_length=BODY_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            fields: Any = self.fields
            fields["shop"].queryset = Shop.objects.visible_to(self.context["request"].user).active()


class DoNotContactSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    creator = serializers.IntegerField(help_text="Other accounts of the person are covered too.")
    handle = serializers.CharField()
    shop = serializers.IntegerField(allow_null=True, help_text="Null is the whole organisation.")
    reason = serializers.CharField()
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()
    removed_by = serializers.CharField(allow_null=True)
    removed_at = serializers.DateTimeField(allow_null=True)
    removed_because = serializers.CharField(allow_blank=True)


class DoNotContactInputSerializer(serializers.Serializer):
    creator = serializers.PrimaryKeyRelatedField(queryset=Creator.objects.none())
    shop = serializers.PrimaryKeyRelatedField(queryset=Shop.objects.none(), allow_null=True, default=None)
    reason = serializers.CharField(max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            fields: Any = self.fields
            user = self.context["request"].user
            fields["creator"].queryset = Creator.objects.visible_to(user)
            fields["shop"].queryset = Shop.objects.visible_to(user).active()


class NoContactRemovalSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


def conversation_output(one: Conversation) -> dict[str, Any]:
    """A conversation, read with its creator, as `ConversationSerializer` declares it."""
    plain = ("connected_at", "first_out_at", "first_reply_at", "last_out_at", "last_in_at", "unanswered", "is_exempt")
    keys = {"id": one.pk, "shop": one.shop_id, "creator": one.creator_id, "handle": one.creator.handle}
    return keys | {name: getattr(one, name) for name in plain}


def message_output(one: Message) -> dict[str, Any]:
    """A message, read with its writer, as `MessageSerializer` declares it."""
    plain = ("direction", "channel", "state", "language", "subject", "body", "address", "created_at", "at", "error")
    return {
        "id": one.pk,
        "conversation": one.conversation_id,
        "collaboration": one.collaboration_id,
        "by": str(one.by) if one.by else None,
        **{name: getattr(one, name) for name in plain},
    }


def template_output(one: MessageTemplate) -> dict[str, Any]:
    plain = ("name", "stage", "language", "subject", "body")
    return {"id": one.pk, "shop": one.shop_id, **{name: getattr(one, name) for name in plain}}


def do_not_contact_output(one: DoNotContact) -> dict[str, Any]:
    """An entry, read with its creator and people, as `DoNotContactSerializer` declares it."""
    return {
        "id": one.pk,
        "creator": one.creator_id,
        "handle": one.creator.handle,
        "shop": one.shop_id,
        "added_by": str(one.added_by),
        "removed_by": str(one.removed_by) if one.removed_by else None,
        **{name: getattr(one, name) for name in ("reason", "added_at", "removed_at", "removed_because")},
    }
