"""Reading lay English: vocabulary, negation, who and when, independent of any interview."""
