"""Addresses of the people area. Each group of pages adds its own lines."""

from django.urls import path

from .views import signin, signin_passkeys, signin_second, signin_ways, staff

urlpatterns = [
    # ---- signing in
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/code/", signin.code, name="sign-in-code"),
    path("sign-in/link/<str:token>/", signin.link, name="sign-in-link"),
    path("sign-in/as/", signin.choose, name="sign-in-as"),
    path("sign-in/second/", signin_second.second, name="sign-in-second"),
    path("sign-in/authenticator/", signin_second.authenticator, name="sign-in-authenticator"),
    path("sign-in/recovery-codes/", signin_second.recovery, name="sign-in-recovery"),
    path("sign-in/passkey/ask/", signin_passkeys.ask, name="passkey-ask"),
    path("sign-in/passkey/", signin_passkeys.answer, name="passkey"),
    path("sign-in/passkey/new/ask/", signin_passkeys.ask_new, name="passkey-new-ask"),
    path("sign-in/passkey/new/", signin_passkeys.answer_new, name="passkey-new"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("signed-out/", signin.signed_out, name="signed-out"),
    path("come-in/<str:token>/", signin.come_in, name="come-in"),
    path("in/", signin.inside, name="inside"),
    path("in/ways/", signin_ways.ways_in, name="ways-in"),
    path("in/ways/key/<uuid:factor>/remove/", signin_ways.remove, name="key-remove"),
    path("in/ways/device/<str:device>/end/", signin_ways.end, name="device-end"),
    path("in/ways/devices/end/", signin_ways.end_others, name="devices-end"),
    path("in/ways/address/", signin_ways.address, name="own-address"),
    path("in/ways/address/code/", signin_ways.address_code, name="own-address-code"),
    path("in/stay/", signin_ways.stay, name="stay"),
    # ---- who works here
    path("staff/", staff.staff, name="staff"),
    path("staff/invitation/<uuid:invitation>/", staff.invitation, name="invitation"),
    path("staff/<uuid:membership>/", staff.colleague, name="colleague"),
]
