"""The commands of the command line, one module each. What a command does not need, its module does not import."""
