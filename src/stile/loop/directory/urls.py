from django.urls import path

from . import views

urlpatterns = [
    path("go/<uuid:uid>/", views.activity, name="activity"),
    path("go/<uuid:uid>/wrong/", views.wrong, name="wrong"),
    path("go/<uuid:uid>/tell/", views.tell, name="tell"),
    path("go/<uuid:uid>/how/", views.how, name="how"),
]
