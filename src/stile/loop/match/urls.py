from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("where/", views.where, name="where"),
    path("find/", views.find, name="find"),
    path("kept/", views.kept, name="kept"),
    path("desk/", views.desk, name="desk"),
]
