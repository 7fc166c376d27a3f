from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from quiz.models import Audition, Completion, FitVote, Unfinished


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # Django cannot subscript it
    """A list to look at: what visitors did is not edited by hand."""

    # The full count beside a filtered one is what makes long lists slow.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Completion)
class CompletionAdmin(ReadOnly):
    list_display = ("when", "role", "confidence", "route", "code")
    list_filter = ("day", "role", "confidence")


@admin.register(FitVote)
class FitVoteAdmin(ReadOnly):
    list_display = ("when", "given", "verdict", "role", "code")
    list_filter = ("when", "given", "verdict", "role")


@admin.register(Audition)
class AuditionAdmin(ReadOnly):
    list_display = ("when", "role", "liked", "evening", "band", "given")
    list_filter = ("when", "role", "liked", "evening", "band", "given")


@admin.register(Unfinished)
class UnfinishedAdmin(ReadOnly):
    list_display = ("day", "version", "number", "count")
    list_filter = ("version",)
    ordering = ("-day", "version", "number")
