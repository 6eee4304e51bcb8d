"""What a search of projects reads."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from marketplace.clients.models.project import Project


class ProjectText(models.Model):
    """A project in words, and the ids of the skills that it asks for or speaks of.

    ``words`` are those of title, brief and seats, of the names of the skills and of the solution type in both
    languages: without accents, and their stems in English and Spanish.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, primary_key=True, related_name="+")
    skills = ArrayField(models.IntegerField())
    words = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["skills"], name="project_text_skills"),
            GinIndex(fields=["words"], name="project_text_words"),
        ]
