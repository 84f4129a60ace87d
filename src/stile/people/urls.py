"""Addresses of the people area. Each group of pages adds its own lines."""

from django.urls import path

from .views import signin

urlpatterns = [
    # ---- signing in
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/code/", signin.code, name="sign-in-code"),
    path("sign-in/link/<str:token>/", signin.link, name="sign-in-link"),
    path("sign-in/as/", signin.choose, name="sign-in-as"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("signed-out/", signin.signed_out, name="signed-out"),
    path("come-in/<str:token>/", signin.come_in, name="come-in"),
    path("in/", signin.inside, name="inside"),
]
