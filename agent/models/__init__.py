"""Chat models behind the two roles: strings to models, their quirks, and answers that fit a schema."""
