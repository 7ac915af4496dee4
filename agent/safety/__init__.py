"""What keeps a patient safe: red flags on text and facts, and the guardrail."""
