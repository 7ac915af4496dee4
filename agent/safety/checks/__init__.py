"""The guardrail's checks, one module each; every one takes a draft and yields what speaks against it."""
