"""The heads that are worth a look first."""

from attnwidget.analysis.findings.finding import Finding, FindingKind, Findings
from attnwidget.analysis.findings.findings import findings

__all__ = ["Finding", "FindingKind", "Findings", "findings"]
