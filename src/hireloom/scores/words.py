"""The words around a score, in the language of whoever reads it.

Labels are in English, German and French; in any other language they are English, around dates and
numbers as that language writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

ENGLISH = {
    "colon": ":",
    "status": "Status",
    "completed": "Completed",
    "score": "Overall Score",
    "percentile": "percentile",
    "scale": "scale",
    "breakdown": "Detailed Breakdown",
    "result": "Result",
    "evaluator": "Evaluator",
    "notes": "Evaluator Notes",
    "attributes": "Details",
    "report": "Report",
    "rest": "The rest is in the report.",
    "correction": "Correction",
    "assessment": "Assessment",
    "yes": "yes",
    "no": "no",
    "PASS": "PASS",
    "FAIL": "FAIL",
    "REVIEW": "REVIEW",
    "STARTED": "Started",
    "IN_PROGRESS": "In progress",
    "COMPLETED": "Completed",
    "EXPIRED": "Expired",
    "CANCELLED": "Cancelled",
}
GERMAN = {
    "colon": ":",
    "status": "Status",
    "completed": "Abgeschlossen",
    "score": "Gesamtpunktzahl",
    "percentile": "Perzentil",
    "scale": "Skala",
    "breakdown": "Einzelwertung",
    "result": "Ergebnis",
    "evaluator": "Bewertet von",
    "notes": "Anmerkungen zur Bewertung",
    "attributes": "Einzelheiten",
    "report": "Bericht",
    "rest": "Der Rest steht im Bericht.",
    "correction": "Berichtigung",
    "assessment": "Test",
    "yes": "ja",
    "no": "nein",
    "PASS": "BESTANDEN",
    "FAIL": "NICHT BESTANDEN",
    "REVIEW": "ZU PRÜFEN",
    "STARTED": "Begonnen",
    "IN_PROGRESS": "In Bearbeitung",
    "COMPLETED": "Abgeschlossen",
    "EXPIRED": "Abgelaufen",
    "CANCELLED": "Abgebrochen",
}
FRENCH = {
    "colon": " :",
    "status": "Statut",
    "completed": "Terminé le",
    "score": "Note globale",
    "percentile": "centile",
    "scale": "échelle",
    "breakdown": "Détail des notes",
    "result": "Résultat",
    "evaluator": "Évaluation par",
    "notes": "Remarques de l’évaluation",
    "attributes": "Précisions",
    "report": "Rapport",
    "rest": "La suite se trouve dans le rapport.",
    "correction": "Correction",
    "assessment": "Test",
    "yes": "oui",
    "no": "non",
    "PASS": "RÉUSSI",
    "FAIL": "ÉCHOUÉ",
    "REVIEW": "À EXAMINER",
    "STARTED": "Commencé",
    "IN_PROGRESS": "En cours",
    "COMPLETED": "Terminé",
    "EXPIRED": "Expiré",
    "CANCELLED": "Annulé",
}
LABELS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}
BRITISH = Locale("en", "GB")  # English without a country puts the day first


@dataclass(frozen=True)
class Reader:
    """Whoever reads a score: how dates and numbers are written, and the labels."""

    locale: Locale
    zone: tzinfo

    @property
    def words(self) -> Mapping[str, str]:
        return LABELS.get(self.locale.language, ENGLISH)

    def day(self, moment: datetime) -> str:
        """ "15 January 2025", as the reader's clock and language have it."""
        return format_date(moment.astimezone(self.zone).date(), "long", self.locale)

    def number(self, value: float) -> str:
        """89.0 as "89", 87.5 as "87,5" where the comma is the decimal sign."""
        exact = Decimal(str(value))
        if not exact.is_finite():
            return str(value)
        return format_decimal(
            exact, locale=self.locale, decimal_quantization=False, group_separator=False
        )

    def shown(self, value: str | float) -> str:
        """A value of any kind as the reader sees it."""
        if isinstance(value, bool):
            return self.words["yes" if value else "no"]
        return value if isinstance(value, str) else self.number(value)


def reader(language: str | None, time_zone: str | None) -> Reader:
    """English and UTC where nothing is said, or nothing that is known."""
    zone = known_zone(time_zone) if time_zone else None
    return Reader((known_locale(language) if language else None) or BRITISH, zone or UTC)


@lru_cache(maxsize=256)
def known_locale(language: str) -> Locale | None:
    """The locale of `de`, `de-AT` or `de_AT`; None where no language is called so."""
    tag = language.replace("-", "_")
    try:
        locale = Locale.parse(tag)
    except (ValueError, TypeError, UnknownLocaleError):
        return None
    return BRITISH if tag.lower() == "en" else locale


@lru_cache(maxsize=1024)
def known_zone(name: str) -> tzinfo | None:
    """The time zone of an IANA name; None where there is none."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
