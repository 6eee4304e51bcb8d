"""Codes and numbers put into words, in the reader's language, at the moment of reading."""

from matching.narrative.demand import change_text, entry_text, gain_text
from matching.narrative.diagnoses import diagnosis
from matching.narrative.differences import difference_text
from matching.narrative.proofs import difference, gap_share, proof
from matching.narrative.reasons import Subject, for_client, reason_data, reason_text
from matching.narrative.rechecks import broken_rules
from matching.narrative.repairs import repair_text
from matching.narrative.replacements import fact_text
from matching.narrative.runs import run_text

__all__ = [
    "Subject",
    "broken_rules",
    "change_text",
    "diagnosis",
    "difference",
    "difference_text",
    "entry_text",
    "fact_text",
    "for_client",
    "gain_text",
    "gap_share",
    "proof",
    "reason_data",
    "reason_text",
    "repair_text",
    "run_text",
]
