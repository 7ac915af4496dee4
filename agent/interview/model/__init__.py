"""The interviewer that a chat model drives: what it is told, what it may answer, and what of that is believed."""
