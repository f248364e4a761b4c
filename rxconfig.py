"""Reflex: app name, ports, origins, state manager; nothing else."""

import reflex as rx

from ingestio.config import Settings
from ingestio.web.same_origin import SameOrigin

settings = Settings()
config = rx.Config(
    app_name="ingestio",
    api_url=settings.origin,
    deploy_url=settings.origin,
    cors_allowed_origins=(settings.origin,),
    redis_url=settings.redis_url or None,
    state_manager_mode="redis" if settings.redis_url else "memory",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[SameOrigin(), rx.plugins.RadixThemesPlugin()],  # one build for every port and address
    disable_plugins=[rx.plugins.SitemapPlugin],  # nothing here is for search engines
)
