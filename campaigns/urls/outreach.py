from django.urls import URLPattern, path

from campaigns.views import compose, conversations, limits, templates, unwanted

urlpatterns: list[URLPattern] = [
    path("outreach/conversations/", conversations.conversation_list, name="conversation_list"),
    path("outreach/conversations/open/", conversations.conversation_open, name="conversation_open"),
    path("outreach/conversations/<int:pk>/", conversations.conversation_detail, name="conversation_detail"),
    path("outreach/conversations/<int:pk>/send/", conversations.message_create, name="message_create"),
    path("outreach/conversations/<int:pk>/log/", conversations.reply_log, name="reply_log"),
    path("outreach/conversations/<int:pk>/remind/", conversations.reminder_create, name="reminder_create"),
    path(
        "outreach/conversations/<int:pk>/escalate/", conversations.conversation_escalate, name="conversation_escalate"
    ),
    path("outreach/reminders/<int:pk>/done/", conversations.reminder_finish, name="reminder_finish"),
    path("outreach/messages/<int:pk>/confirm/", conversations.message_confirm, name="message_confirm"),
    path("outreach/messages/<int:pk>/resend/", conversations.message_resend, name="message_resend"),
    path("outreach/files/<int:pk>/", conversations.message_file, name="message_file"),
    path("outreach/compose/", compose.message_compose, name="message_compose"),
    path("outreach/templates/", templates.template_list, name="template_list"),
    path("outreach/templates/new/", templates.template_create, name="template_create"),
    path("outreach/templates/<int:pk>/edit/", templates.template_edit, name="template_edit"),
    path("outreach/templates/<int:pk>/archive/", templates.template_archive, name="template_archive"),
    path("outreach/limits/", limits.outreach_limits, name="outreach_limits"),
    path("outreach/limits/<int:pk>/", limits.outreach_limits_edit, name="outreach_limits_edit"),
    path("outreach/limits/tiers/new/", limits.tier_create, name="tier_create"),
    path("outreach/limits/tiers/<int:pk>/", limits.tier_edit, name="tier_edit"),
    path("outreach/limits/tiers/<int:pk>/remove/", limits.tier_remove, name="tier_remove"),
    path("outreach/do-not-contact/", unwanted.do_not_contact_list, name="do_not_contact_list"),
    path("outreach/do-not-contact/new/", unwanted.do_not_contact_create, name="do_not_contact_create"),
    path("outreach/do-not-contact/<int:pk>/remove/", unwanted.do_not_contact_remove, name="do_not_contact_remove"),
]
