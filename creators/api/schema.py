"""The API's schema and its documentation page."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.api import requires
from accounts.states import Permission
from core.http import require


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema names our tokens; found by drf-spectacular through the class it targets."""

    target_class = "accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


schema = SpectacularAPIView.as_view(permission_classes=[requires(Permission.CREATOR_VIEW)])
docs = require(Permission.CREATOR_VIEW)(SpectacularSwaggerSplitView.as_view(url_name="api_schema"))
