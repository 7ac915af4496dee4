"""Reading the answer to a question in the light of what was asked: one module for each kind of answer."""
