"""What Botpress's files say about a bot."""
