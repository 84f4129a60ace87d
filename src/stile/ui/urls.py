"""The gallery's address. The site decides where it hangs."""

from django.urls import path

from stile.ui import views

urlpatterns = [path("", views.gallery, name="gallery")]
