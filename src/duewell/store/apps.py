"""The one Django app that owns tables."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of all rooms, under the short label `store`."""

    name = "duewell.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
