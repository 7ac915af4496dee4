"""Our own content passes every check that an author's must, and comes out on every example as its author says."""

from symptom_intake.agent.trial import trial_faults
from symptom_intake.prompts.lint import lint_content
from symptom_intake.prompts.loader import load_content


def test_lint_finds_nothing_in_our_content() -> None:
    assert [str(fault) for fault in lint_content()] == []


def test_every_rule_trigger_and_written_case_comes_out_as_its_author_says() -> None:
    assert [str(fault) for fault in trial_faults(load_content(), None)] == []
