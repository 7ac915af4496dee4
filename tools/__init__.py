"""What the agent can do beyond talking: look at images, keep records. Nothing here knows the agent."""
