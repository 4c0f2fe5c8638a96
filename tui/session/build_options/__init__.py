"""What a learner asks of every build on the command line, and what their environment asks of docker's."""
