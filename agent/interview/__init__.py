"""The language of the interview: reading answers, planning questions, wording replies."""
