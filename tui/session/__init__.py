"""One learner's doings: builds, what was made, and what must be remembered. No Textual."""
