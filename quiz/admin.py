from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from quiz.models import Completion


@admin.register(Completion)
class CompletionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django cannot subscript it
    """A list to look at: nobody adds, edits or removes an answer sheet by hand."""

    list_display = ("when", "role", "confidence", "code")
    list_filter = ("role", "confidence")
    date_hierarchy = "when"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
