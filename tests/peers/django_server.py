"""Django with `django-oauth-toolkit`: its own login form, consent page, token and revocation endpoints.

Refresh tokens rotate; a used one stays good for 120 seconds (`REFRESH_TOKEN_GRACE_PERIOD_SECONDS`).
"""

import os
import tempfile

import django
from django.conf import settings

folder = tempfile.mkdtemp()
settings.configure(
    SECRET_KEY="for tests",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, "db.sqlite3")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "registration/login.html": '<form method="post">{% csrf_token %}{{ form }}'
                            '<input type="submit" value="Log in"></form>'
                        },
                    ),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ],
    LOGIN_URL="/accounts/login/",
    OAUTH2_PROVIDER={
        "SCOPES": {"read": "Read", "write": "Write"},
        "PKCE_REQUIRED": True,
        "ROTATE_REFRESH_TOKEN": True,
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 120,
    },
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from lib.peer import ready, serve_wsgi
from oauth2_provider.decorators import protected_resource
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken


@csrf_exempt
@protected_resource(scopes=["read"])
def api(request):
    return JsonResponse({"method": request.method, "user": request.resource_owner.username})


urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("api", api),
]

call_command("migrate", verbosity=0)
get_user_model().objects.create_user("someone", password="for tests")


def client(id, secret, redirect_uri):
    Application.objects.create(
        client_id=id,
        client_secret=secret,
        redirect_uris=redirect_uri,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        name="Keyway",
    )


def revoke():
    """What the user's page of authorized applications does: every token goes."""
    count = AccessToken.objects.count()
    for model in (RefreshToken, AccessToken, Grant):
        model.objects.all().delete()
    return count


def expire():
    """Makes every access token old."""
    from datetime import timedelta

    from django.utils import timezone

    AccessToken.objects.update(expires=timezone.now() - timedelta(minutes=1))


ready(
    {"url": serve_wsgi(get_wsgi_application())},
    {
        "client": client,
        "revoke": revoke,
        "expire": expire,
        "refresh_tokens": lambda: RefreshToken.objects.count(),
    },
)
