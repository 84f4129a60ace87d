"""Every address of the site; English at the root, the same pages in Welsh under /cy/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from stile.interop.calendar import api as calendar
from stile.interop.card import api as card
from stile.site import views

urlpatterns = i18n_patterns(
    path("help-now/", views.help_now, name="help-now"),
    path("talk/", views.talk, name="talk"),
    path("about-the-data/", views.about_data, name="about-data"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("design/", include("stile.ui.urls")),
    path("go/<uuid:uid>/card.<str:form>", card.download, name="card"),
    path("go/<uuid:uid>/calendar.ics", calendar.download, name="calendar"),
    path("", include("stile.people.urls")),
    path("", include("stile.loop.directory.urls")),
    path("", include("stile.loop.match.urls")),
    prefix_default_language=False,
)

handler400 = "stile.site.views.bad_request"
handler403 = "stile.site.views.not_found"  # a refused page and a missing one look the same
handler404 = "stile.site.views.not_found"
handler500 = "stile.site.views.broken"
