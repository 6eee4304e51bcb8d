"""What time makes due for the search of projects."""

from __future__ import annotations

from marketplace.clients.services import project_search
from marketplace.kernel import sweeping

sweeping.register("search of projects", project_search.fill)
