from django.urls import URLPattern, path

from campaigns.views import board, collaborations, my_day

urlpatterns: list[URLPattern] = [
    path("my-day/", my_day.my_day, name="my_day"),
    path("collaborations/", collaborations.collaboration_list, name="collaboration_list"),
    path("collaborations/board/", board.collaboration_board, name="collaboration_board"),
    path("collaborations/calendar/", board.collaboration_calendar, name="collaboration_calendar"),
    path("collaborations/export/", collaborations.collaboration_export, name="collaboration_export"),
    path("collaborations/move/", collaborations.collaboration_bulk_move, name="collaboration_bulk_move"),
    path("collaborations/<int:pk>/", collaborations.collaboration_detail, name="collaboration_detail"),
    path("collaborations/<int:pk>/move/", collaborations.collaboration_move, name="collaboration_move"),
]
