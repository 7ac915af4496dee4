"""The report's JSON schema, which `docs/report.schema.json` holds for programs that read reports."""

import json
from pathlib import Path

from symptom_intake.agent.exports.model import Report


def schema_text() -> str:
    """The schema as the file holds it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Report.model_json_schema(
        mode="serialization"
    )
    return json.dumps(schema, indent=2) + "\n"


def write_schema(path: Path) -> None:
    """Write the schema file anew, after a change of the report."""
    path.write_text(schema_text(), encoding="utf-8")
