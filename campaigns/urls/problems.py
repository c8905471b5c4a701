from django.urls import URLPattern, path

from campaigns.views import breaches, problems

urlpatterns: list[URLPattern] = [
    path("problems/", problems.problem_list, name="problem_list"),
    path("problems/<int:pk>/", problems.problem_detail, name="problem_detail"),
    path("problems/<int:pk>/edit/", problems.problem_edit, name="problem_edit"),
    path("problems/<int:pk>/steps/", problems.problem_step_add, name="problem_step_add"),
    path("problems/<int:pk>/steps/<int:step_pk>/", problems.problem_step_tick, name="problem_step_tick"),
    path("problems/<int:pk>/files/", problems.problem_files_add, name="problem_files_add"),
    path("problems/files/<int:pk>/", problems.problem_file, name="problem_file"),
    path("problems/<int:pk>/outcome/", problems.problem_resolve, name="problem_resolve"),
    path("problems/<int:pk>/reopen/", problems.problem_reopen, name="problem_reopen"),
    path("problems/<int:pk>/hand/", problems.problem_hand, name="problem_hand"),
    path("problems/<int:pk>/violation/", breaches.problem_log, name="problem_log"),
    path("collaborations/<int:pk>/problems/new/", problems.problem_create, name="problem_create"),
]
