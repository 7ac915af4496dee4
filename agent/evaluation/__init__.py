"""Evaluation: scripted patients play through the real graph, and what came of it is counted.

`play_interviews` and `screen_messages` give one result a case, `summarise` the figures over them.
"""

from symptom_intake.agent.evaluation.cases import load_cases
from symptom_intake.agent.evaluation.metrics import summarise
from symptom_intake.agent.evaluation.play import play_interviews
from symptom_intake.agent.evaluation.results import Result
from symptom_intake.agent.evaluation.screened import screen_messages
from symptom_intake.agent.evaluation.stage import Setup

__all__ = ["Result", "Setup", "load_cases", "play_interviews", "screen_messages", "summarise"]
